package io.github.vit4j.finetune.data;

import java.nio.file.Path;

/**
 * An image file and what it shows.
 *
 * @param file the image
 * @param label the class, in the data set's words
 */
public record LabelledFile(Path file, String label) {}
