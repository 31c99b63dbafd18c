/** Learning-rate schedules: pure functions from a step's number to the rate of that step. */
@NullMarked
package io.github.vit4j.finetune.schedule;

import org.jspecify.annotations.NullMarked;
