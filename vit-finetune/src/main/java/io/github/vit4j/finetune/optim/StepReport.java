package io.github.vit4j.finetune.optim;

/**
 * What became of a step.
 *
 * @param gradientNorm the norm of all gradients together, before clipping; may be infinite or NaN
 * @param taken whether the parameters were moved; they are not where the norm is no finite number
 */
public record StepReport(double gradientNorm, boolean taken) {}
