/** Measurements that anyone can repeat. */
@NullMarked
package io.github.vit4j.examples.bench;

import org.jspecify.annotations.NullMarked;
