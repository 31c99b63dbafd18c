/** Models held against the numbers of other implementations. */
@NullMarked
package io.github.vit4j.zoo.reference;

import org.jspecify.annotations.NullMarked;
