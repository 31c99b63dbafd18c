package io.github.vit4j.inference;

import io.github.vit4j.image.RgbImage;
import java.util.concurrent.CompletableFuture;

/**
 * One image on its way through a {@link BatchingPredictor}.
 *
 * @param image resized and cropped already
 * @param answer what the caller holds
 * @param asked when the caller asked, as {@link System#nanoTime} counts
 */
record Request<R>(RgbImage image, CompletableFuture<R> answer, long asked) {}
