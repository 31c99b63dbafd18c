/** What a training run leaves to look at: metrics as CSV and TensorBoard events, curves as PNG. */
@NullMarked
package io.github.vit4j.finetune.report;

import org.jspecify.annotations.NullMarked;
