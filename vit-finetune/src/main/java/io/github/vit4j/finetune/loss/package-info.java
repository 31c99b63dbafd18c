/** Losses on logits, for integer labels and for soft targets, and distillation. */
@NullMarked
package io.github.vit4j.finetune.loss;

import org.jspecify.annotations.NullMarked;
