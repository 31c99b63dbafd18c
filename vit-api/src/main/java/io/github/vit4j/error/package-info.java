/**
 * The one exception type that callers see for bad input, and how its messages show hostile text.
 */
@NullMarked
package io.github.vit4j.error;

import org.jspecify.annotations.NullMarked;
