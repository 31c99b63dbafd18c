package io.github.vit4j.examples.sweep;

/**
 * What models of all sizes have in common. They have a linear stem, no class token, and their head
 * reads the mean of the tokens.
 *
 * @param imageSize side of the images in pixels
 * @param patchSize side of the patches in pixels
 * @param mlpRatio width of the feed-forward layers by that of the tokens
 */
record Architecture(int imageSize, int patchSize, double mlpRatio) {}
