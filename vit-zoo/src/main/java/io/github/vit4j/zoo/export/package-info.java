/** Trained models as files that other runtimes read. */
@NullMarked
package io.github.vit4j.zoo.export;

import org.jspecify.annotations.NullMarked;
