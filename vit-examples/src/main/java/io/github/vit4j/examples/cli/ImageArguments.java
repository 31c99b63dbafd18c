package io.github.vit4j.examples.cli;

import io.github.vit4j.finetune.data.ImageFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Images named on the command line, one by one or by the folder. */
final class ImageArguments {

  @Parameters(
      paramLabel = "IMAGE|FOLDER",
      description = "Images (JPEG, PNG, WebP, GIF, BMP), or folders of images.")
  List<Path> paths = new ArrayList<>();

  @Option(
      names = {"-r", "--recursive"},
      description = "Search the folders below a folder as well.")
  boolean recursive;

  /** All images, folders replaced by what is in them; files are not looked into. */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(recursive ? ImageFiles.below(path) : ImageFiles.in(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }
}
