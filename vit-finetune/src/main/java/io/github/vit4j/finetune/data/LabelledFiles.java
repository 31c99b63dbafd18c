package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Image files with their classes, in a fixed order.
 *
 * @param files at least one
 */
public record LabelledFiles(List<LabelledFile> files) {

  private static final long LARGEST_LIST = 1 << 28;

  /** Copies the list and refuses an empty one. */
  public LabelledFiles {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new BadInputException("there are no labelled images; give at least one");
    }
  }

  /**
   * {@return the images in a folder of class folders, which give the labels}
   *
   * <p>Class folders are taken in sorted order, and so are the images of each, at any depth below
   * its class folder. Class folders without an image are skipped.
   *
   * @param root holds one folder a class; images directly in it are skipped
   * @throws BadInputException if it cannot be listed, has no folders, or they hold no image
   */
  public static LabelledFiles ofClassFolders(Path root) {
    List<Path> folders = classFolders(root);
    if (folders.isEmpty()) {
      throw new BadInputException(
          root
              + " has no class folders; put the images of each class into a folder named after it,"
              + " or give a list of files and labels");
    }
    List<LabelledFile> files = new ArrayList<>();
    for (Path folder : folders) {
      String label = String.valueOf(folder.getFileName());
      for (Path file : ImageFiles.list(folder, Integer.MAX_VALUE)) {
        files.add(new LabelledFile(file, label));
      }
    }
    if (files.isEmpty()) {
      throw new BadInputException(
          "the %d class folders in %s hold no images; known are files ending in .jpg, .jpeg, .png, .webp, .gif and .bmp"
              .formatted(folders.size(), root));
    }
    return new LabelledFiles(files);
  }

  private static List<Path> classFolders(Path root) {
    ImageFiles.requireFolder(root);
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .filter(folder -> !ImageFiles.isHidden(folder))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw ImageFiles.cannotList(root, e);
    }
  }

  /**
   * {@return the images that a list names, in its order}
   *
   * @param root the folder that the names in the list start from
   * @param list UTF-8 text, {@code file TAB label} a line; further columns and empty lines are
   *     skipped
   * @throws BadInputException if the list cannot be read, names no image, has a line without a
   *     label, or names files that do not exist
   */
  public static LabelledFiles ofList(Path root, Path list) {
    ImageFiles.requireFolder(root);
    List<LabelledFile> files = new ArrayList<>();
    int number = 0;
    for (String line : lines(list)) {
      number++;
      if (!line.isBlank()) {
        files.add(parse(line, root, list + " line " + number));
      }
    }
    if (files.isEmpty()) {
      throw new BadInputException(list + " names no images; write lines of file TAB label");
    }
    List<Path> missing =
        files.stream().map(LabelledFile::file).filter(file -> !Files.exists(file)).toList();
    if (!missing.isEmpty()) {
      throw new BadInputException(
          "%d of the %d images that %s names do not exist, the first is %s; names start from %s"
              .formatted(missing.size(), files.size(), list, missing.get(0), root));
    }
    return new LabelledFiles(files);
  }

  private static LabelledFile parse(String line, Path root, String where) {
    String[] cells = line.split("\t");
    if (cells.length < 2 || cells[0].isBlank() || cells[1].isBlank()) {
      throw new BadInputException(where + " is not of the form file TAB label");
    }
    try {
      return new LabelledFile(root.resolve(cells[0].strip()), cells[1].strip());
    } catch (InvalidPathException e) {
      throw new BadInputException(where + " does not begin with a file name", e);
    }
  }

  private static List<String> lines(Path list) {
    try {
      if (!Files.isRegularFile(list)) {
        throw new BadInputException(
            list + (Files.exists(list) ? " is not a file" : " does not exist") + "; give a list");
      }
      if (Files.size(list) > LARGEST_LIST) {
        throw new BadInputException(list + " is too large for a list of images");
      }
      return Files.readAllLines(list);
    } catch (MalformedInputException e) {
      throw new BadInputException(list + " is not a list of images: it is not UTF-8 text", e);
    } catch (IOException e) {
      throw new BadInputException("cannot read the list " + list + ": " + e, e);
    }
  }

  /**
   * {@return the first so many, or all if there are fewer}
   *
   * @param count at least 1
   */
  public LabelledFiles first(int count) {
    if (count < 1) {
      throw new BadInputException("at least 1 image is needed, but the limit is " + count);
    }
    return new LabelledFiles(files.subList(0, Math.min(count, files.size())));
  }

  /** {@return the number of images} */
  public int size() {
    return files.size();
  }
}
