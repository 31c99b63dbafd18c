/**
 * Experiments of many trainings, each in a folder of its own, with a table and a plot at the end.
 */
@NullMarked
package io.github.vit4j.examples.study;

import org.jspecify.annotations.NullMarked;
