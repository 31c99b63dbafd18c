package io.github.vit4j.finetune.scaling;

/**
 * What a law says about some compute.
 *
 * @param compute in the unit of the points
 * @param error by the law
 * @param law where the law itself may lie there, given the scatter of the points
 * @param run where a single run may lie: the same with its own scatter on top
 */
public record Prediction(double compute, double error, Interval law, Interval run) {}
