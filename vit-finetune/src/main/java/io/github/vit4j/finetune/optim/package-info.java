/** Optimisers, parameter groups, the training step and averaged weights, for any loop. */
@NullMarked
package io.github.vit4j.finetune.optim;

import org.jspecify.annotations.NullMarked;
