/** The immutable description of an architecture, and its JSON form. */
@NullMarked
package io.github.vit4j.config;

import org.jspecify.annotations.NullMarked;
