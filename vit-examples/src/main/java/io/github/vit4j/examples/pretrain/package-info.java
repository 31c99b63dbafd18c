/** A study of masked-image pre-training with three stems. */
@NullMarked
package io.github.vit4j.examples.pretrain;

import org.jspecify.annotations.NullMarked;
