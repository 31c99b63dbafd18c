/**
 * Zip archives by their central directory, so that stored entries can be mapped where they lie. For
 * the readers of {@code zoo.checkpoint}, not for callers.
 */
@NullMarked
package io.github.vit4j.zoo.checkpoint.zip;

import org.jspecify.annotations.NullMarked;
