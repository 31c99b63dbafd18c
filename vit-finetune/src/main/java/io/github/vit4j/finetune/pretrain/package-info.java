/**
 * Masked-image pre-training: masks, targets, codebooks, and the run that ends in a model to tune.
 */
@NullMarked
package io.github.vit4j.finetune.pretrain;

import org.jspecify.annotations.NullMarked;
