/** Images with their classes: folders, lists, archives, the published data sets, and batches. */
@NullMarked
package io.github.vit4j.finetune.data;

import org.jspecify.annotations.NullMarked;
