/** A small data set that is drawn, not downloaded. */
@NullMarked
package io.github.vit4j.examples.shapes;

import org.jspecify.annotations.NullMarked;
