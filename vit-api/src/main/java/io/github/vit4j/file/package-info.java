/** Files that are written whole or not at all. */
@NullMarked
package io.github.vit4j.file;

import org.jspecify.annotations.NullMarked;
