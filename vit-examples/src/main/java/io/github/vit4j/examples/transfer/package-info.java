/** A program for each published data set of "Three things everyone should know about ViTs". */
@NullMarked
package io.github.vit4j.examples.transfer;

import org.jspecify.annotations.NullMarked;
