/** The same models through plain DJL: {@code Criteria} finds them by group and artifact id. */
@NullMarked
package io.github.vit4j.zoo.djl;

import org.jspecify.annotations.NullMarked;
