package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects the images that an annotation file names, as far as they are there. */
final class Listed {

  private final Path annotations;
  private final Path folder;
  private final List<LabelledFile> files = new ArrayList<>();
  private int named;

  /**
   * @param annotations for messages
   * @param folder that names start from; no name leads out of it
   */
  Listed(Path annotations, Path folder) {
    this.annotations = annotations;
    this.folder = folder.normalize();
  }

  void add(String name, String label) {
    named++;
    Path file;
    try {
      file = folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "%s names an image '%s', which is no file name".formatted(annotations, name), e);
    }
    if (!file.startsWith(folder)) {
      throw new BadInputException(
          "%s names an image '%s', which is outside of %s; do not use this file"
              .formatted(annotations, name, folder));
    }
    if (Files.isRegularFile(file)) {
      files.add(new LabelledFile(file, label));
    }
  }

  /**
   * @param source where to get the images
   */
  FileImages images(List<String> classes, String source) {
    if (files.isEmpty()) {
      throw new BadInputException(
          "none of the %d images that %s names is in %s; %s"
              .formatted(named, annotations, folder, source));
    }
    return FileImages.of(new LabelledFiles(files), classes);
  }
}
