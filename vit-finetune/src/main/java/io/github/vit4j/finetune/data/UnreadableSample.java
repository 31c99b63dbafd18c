package io.github.vit4j.finetune.data;

/**
 * An image that was skipped.
 *
 * @param index in the data set
 * @param name what the data set calls it
 * @param problem what is wrong with it
 */
public record UnreadableSample(int index, String name, String problem) {}
