/** The model itself, read in the data's order: stem, tokens, encoder layers, pool, head. */
@NullMarked
package io.github.vit4j.model;

import org.jspecify.annotations.NullMarked;
