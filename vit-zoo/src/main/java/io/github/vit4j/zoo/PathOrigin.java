package io.github.vit4j.zoo;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of the caller's.
 *
 * @param path a checkpoint, or a folder that holds one
 */
record PathOrigin(Path path) implements Origin {

  @Override
  public ModelFiles files(Downloads downloads) {
    return ModelFiles.at(path);
  }

  @Override
  public boolean isHere(Downloads downloads) {
    return Files.exists(path);
  }

  @Override
  public String text() {
    return path.toString();
  }
}
