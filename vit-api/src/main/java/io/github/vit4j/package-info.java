/** The entry point: {@link io.github.vit4j.ViT}. */
@NullMarked
package io.github.vit4j;

import org.jspecify.annotations.NullMarked;
