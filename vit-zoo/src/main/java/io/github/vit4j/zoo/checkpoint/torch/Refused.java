package io.github.vit4j.zoo.checkpoint.torch;

/**
 * A tensor that is understood but not read.
 *
 * @param why for a message that begins with the tensor's name
 */
record Refused(String why) {}
