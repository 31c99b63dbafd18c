/**
 * What other libraries write beside a checkpoint, turned into our configuration: one reader each.
 */
@NullMarked
package io.github.vit4j.zoo.description;

import org.jspecify.annotations.NullMarked;
