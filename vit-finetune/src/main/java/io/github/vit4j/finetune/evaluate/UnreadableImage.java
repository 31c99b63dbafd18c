package io.github.vit4j.finetune.evaluate;

import java.nio.file.Path;

/**
 * A file that could not be used.
 *
 * @param file the file
 * @param problem what is wrong with it
 */
public record UnreadableImage(Path file, String problem) {}
