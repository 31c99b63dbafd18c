/** Fine-tuned models that share a backbone: task files hold, and memory holds, what differs. */
@NullMarked
package io.github.vit4j.finetune.task;

import org.jspecify.annotations.NullMarked;
