package io.github.vit4j.examples.sweep;

/**
 * A size of model.
 *
 * @param name which runs and legends have
 * @param width of the tokens
 * @param depth blocks
 * @param heads of attention
 */
record Size(String name, int width, int depth, int heads) {}
