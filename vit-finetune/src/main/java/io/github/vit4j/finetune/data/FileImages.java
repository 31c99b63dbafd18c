package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A data set of image files. */
public final class FileImages implements ImageDataset {

  private final ImageDecoder decoder = new ImageDecoder();
  private final List<LabelledFile> files;
  private final List<String> classes;
  private final int[] labels;

  private FileImages(List<LabelledFile> files, List<String> classes, int[] labels) {
    this.files = files;
    this.classes = classes;
    this.labels = labels;
  }

  /**
   * {@return labelled files as a data set whose classes are the labels in sorted order}
   *
   * @param files at least one
   */
  public static FileImages of(LabelledFiles files) {
    TreeSet<String> classes = new TreeSet<>();
    files.files().forEach(file -> classes.add(file.label()));
    return of(files, List.copyOf(classes));
  }

  /**
   * {@return labelled files as a data set of given classes}
   *
   * @param files at least one
   * @param classes in the order that the model has them
   * @throws BadInputException if a file's label is none of them, or two classes have one name
   */
  public static FileImages of(LabelledFiles files, List<String> classes) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      if (indices.put(classes.get(i), i) != null) {
        throw new BadInputException(
            "two classes are called '%s'; names must differ".formatted(classes.get(i)));
      }
    }
    int[] labels = new int[files.size()];
    for (int i = 0; i < labels.length; i++) {
      LabelledFile file = files.files().get(i);
      Integer label = indices.get(file.label());
      if (label == null) {
        throw new BadInputException(
            "%s is of class '%s', which is none of the %d classes; remove it, or add the class to the training images"
                .formatted(file.file(), file.label(), classes.size()));
      }
      labels[i] = label;
    }
    return new FileImages(files.files(), List.copyOf(classes), labels);
  }

  /** {@return the files with the names of their classes} */
  public LabelledFiles files() {
    return new LabelledFiles(files);
  }

  /**
   * {@return the file of an image}
   *
   * @param index 0 to size - 1
   */
  public Path file(int index) {
    return files.get(index).file();
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return file(index).toString();
  }

  @Override
  public long stamp(int index) {
    try {
      BasicFileAttributes file = Files.readAttributes(file(index), BasicFileAttributes.class);
      return 31 * file.lastModifiedTime().toMillis() + file.size();
    } catch (IOException e) {
      return 0; // whoever reads the image will say why
    }
  }

  @Override
  public RgbImage image(int index) {
    return decoder.decode(file(index));
  }
}
