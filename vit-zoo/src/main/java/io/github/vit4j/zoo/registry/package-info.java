/** The registry of published Vision Transformers: what they are and where their weights lie. */
@NullMarked
package io.github.vit4j.zoo.registry;

import org.jspecify.annotations.NullMarked;
