/** Images on disk: found, and paired with what they show. */
@NullMarked
package io.github.vit4j.finetune.data;

import org.jspecify.annotations.NullMarked;
