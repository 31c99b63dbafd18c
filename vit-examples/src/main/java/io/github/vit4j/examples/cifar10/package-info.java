/** Trains the small CIFAR-10 model that ships with the library. */
@NullMarked
package io.github.vit4j.examples.cifar10;

import org.jspecify.annotations.NullMarked;
