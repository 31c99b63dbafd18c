/** Trained models: opened from files or by name, ready to classify and to embed. */
@NullMarked
package io.github.vit4j.zoo;

import org.jspecify.annotations.NullMarked;
