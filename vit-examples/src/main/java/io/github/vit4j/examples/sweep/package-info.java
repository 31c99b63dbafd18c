/**
 * Sizes x data fractions x durations from one file: every run in a folder and a process of its own,
 * all results in one table, as a scaling study needs them.
 */
@NullMarked
package io.github.vit4j.examples.sweep;

import org.jspecify.annotations.NullMarked;
