/** Images in, classes or embeddings out: DJL translators around a model and its preprocessing. */
@NullMarked
package io.github.vit4j.inference;

import org.jspecify.annotations.NullMarked;
