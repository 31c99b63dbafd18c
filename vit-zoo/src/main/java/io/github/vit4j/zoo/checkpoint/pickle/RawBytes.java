package io.github.vit4j.zoo.checkpoint.pickle;

/**
 * Python's {@code bytes} or {@code bytearray}, of which only the length is kept: no checkpoint
 * needs what is in them.
 *
 * @param length how many bytes there were
 */
public record RawBytes(int length) {}
