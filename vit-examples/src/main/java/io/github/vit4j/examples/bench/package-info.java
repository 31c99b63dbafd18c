/** Benchmarks: programs that print a table, never timed tests. */
@NullMarked
package io.github.vit4j.examples.bench;

import org.jspecify.annotations.NullMarked;
