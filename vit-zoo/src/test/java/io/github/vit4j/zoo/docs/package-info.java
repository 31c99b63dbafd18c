/** Holds the Java code of the pages in {@code docs} against sources that compile. */
@NullMarked
package io.github.vit4j.zoo.docs;

import org.jspecify.annotations.NullMarked;
