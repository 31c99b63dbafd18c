/** Published training recipes in numbers, with their sources and what they cost. */
@NullMarked
package io.github.vit4j.finetune.recipe;

import org.jspecify.annotations.NullMarked;
