package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds a data set's files, or says where to get them. */
final class DataFile {

  private DataFile() {}

  /** The first of the folders that holds the file. */
  static Path find(String name, String source, List<Path> folders) {
    for (Path folder : folders) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    if (!Files.isDirectory(folders.get(0))) {
      throw new BadInputException("there is no folder %s; %s".formatted(folders.get(0), source));
    }
    throw new BadInputException("there is no %s in %s; %s".formatted(name, folders.get(0), source));
  }
}
