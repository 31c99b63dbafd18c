package io.github.vit4j.finetune.train;

import java.time.Duration;

/**
 * How an epoch goes.
 *
 * @param epoch from 1
 * @param step steps taken so far, in the whole run
 * @param plan the whole run
 * @param loss mean over the epoch so far
 * @param top1Percent share of training images whose most wanted class the model found, over the
 *     epoch so far; low where images are mixed. In pre-training, share of the hidden patches whose
 *     token it found, or not a number where it predicts pixels
 * @param rate the learning rate of this step
 * @param imagesPerSecond lately
 * @param left until the end of the run, evaluations included, as far as can be told; without
 *     meaning where the run is endless
 */
public record StepMetrics(
    int epoch,
    long step,
    RunPlan plan,
    double loss,
    double top1Percent,
    double rate,
    double imagesPerSecond,
    Duration left) {}
