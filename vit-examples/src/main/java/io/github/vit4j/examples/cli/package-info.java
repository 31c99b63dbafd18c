/** The command line {@code vit}: classify, embed, evaluate, summarise and verify. */
@NullMarked
package io.github.vit4j.examples.cli;

import org.jspecify.annotations.NullMarked;
