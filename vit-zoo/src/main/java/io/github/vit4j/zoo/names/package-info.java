/**
 * Parameter names as other projects write them, one converter a family, and models loaded and saved
 * by them.
 */
@NullMarked
package io.github.vit4j.zoo.names;

import org.jspecify.annotations.NullMarked;
