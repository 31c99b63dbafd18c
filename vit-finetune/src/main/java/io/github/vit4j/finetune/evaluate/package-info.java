/** Trained models over many image files: accuracy, embeddings, and the files that are broken. */
@NullMarked
package io.github.vit4j.finetune.evaluate;

import org.jspecify.annotations.NullMarked;
