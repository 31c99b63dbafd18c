/**
 * Python's pickles read as plain data: no code in them runs, and no object in them is built. For
 * the readers of {@code zoo.checkpoint}, not for callers.
 */
@NullMarked
package io.github.vit4j.zoo.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
