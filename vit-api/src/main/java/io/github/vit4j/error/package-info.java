/** The one exception type that callers see for bad input. */
@NullMarked
package io.github.vit4j.error;

import org.jspecify.annotations.NullMarked;
