/**
 * From an image file to the numbers a model eats: decoding, Pillow-exact resizing and the
 * evaluation transform.
 */
@NullMarked
package io.github.vit4j.image;

import org.jspecify.annotations.NullMarked;
