package io.github.vit4j.finetune.train;

import java.nio.file.Path;

/**
 * The wish to begin at a checkpoint of another run, and to bring its learning rate down to 0.
 *
 * @param source that run's folder, or one of its checkpoints
 * @param epochs how many the cooldown takes, at least 1
 */
public record CoolDownFrom(Path source, int epochs) {}
