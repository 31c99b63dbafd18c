/** How good the features of a frozen model are: classifiers from a few labels a class. */
@NullMarked
package io.github.vit4j.finetune.fewshot;

import org.jspecify.annotations.NullMarked;
