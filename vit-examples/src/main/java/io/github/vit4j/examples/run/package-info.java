/** How long-running commands end. */
@NullMarked
package io.github.vit4j.examples.run;

import org.jspecify.annotations.NullMarked;
