/** A model as an inference program for the engine: folded, fused, with packed weights. */
@NullMarked
package io.github.vit4j.compiled;

import org.jspecify.annotations.NullMarked;
