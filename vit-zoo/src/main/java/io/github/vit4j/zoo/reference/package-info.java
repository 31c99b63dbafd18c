/** Reference models of other projects: how they describe an architecture, turned into ours. */
@NullMarked
package io.github.vit4j.zoo.reference;

import org.jspecify.annotations.NullMarked;
