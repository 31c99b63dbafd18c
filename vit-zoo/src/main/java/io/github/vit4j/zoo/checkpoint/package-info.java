/** State dictionaries as files, read and written without knowing any model. */
@NullMarked
package io.github.vit4j.zoo.checkpoint;

import org.jspecify.annotations.NullMarked;
