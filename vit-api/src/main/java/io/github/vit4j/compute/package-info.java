/** Fast tensor operations behind plain names, each with a slow twin in the tests. */
@NullMarked
package io.github.vit4j.compute;

import org.jspecify.annotations.NullMarked;
