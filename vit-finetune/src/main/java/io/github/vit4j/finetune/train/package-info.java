/** The training loop: resumable runs in a folder, checkpoints, evaluation, progress. */
@NullMarked
package io.github.vit4j.finetune.train;

import org.jspecify.annotations.NullMarked;
