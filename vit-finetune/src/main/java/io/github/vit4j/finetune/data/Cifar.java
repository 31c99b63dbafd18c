package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky 2009) in the publisher's binary files: 50,000 training and
 * 10,000 test images of 32 x 32 pixels. They are kept in memory, 180 MB.
 */
public final class Cifar {

  /** Where to get CIFAR-10, and what the folder then holds. */
  public static final String TEN_SOURCE =
      "download cifar-10-binary.tar.gz (162 MB) from https://www.cs.toronto.edu/~kriz/cifar.html"
          + " and unpack so that ROOT holds data_batch_1.bin to data_batch_5.bin, test_batch.bin and"
          + " batches.meta.txt, or the folder cifar-10-batches-bin with them";

  /** Where to get CIFAR-100, and what the folder then holds. */
  public static final String HUNDRED_SOURCE =
      "download cifar-100-binary.tar.gz (161 MB) from https://www.cs.toronto.edu/~kriz/cifar.html"
          + " and unpack so that ROOT holds train.bin, test.bin and fine_label_names.txt, or the"
          + " folder cifar-100-binary with them";

  private Cifar() {}

  /**
   * {@return CIFAR-10: 10 classes}
   *
   * @param root holds {@code data_batch_1.bin} to {@code 5}, {@code test_batch.bin} and {@code
   *     batches.meta.txt}, or a folder {@code cifar-10-batches-bin} with them
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static DataSplits ten(Path root) {
    List<Path> folders = List.of(root, root.resolve("cifar-10-batches-bin"));
    List<String> classes = names(DataFile.find("batches.meta.txt", TEN_SOURCE, folders), 10);
    List<Path> train = new ArrayList<>();
    for (int batch = 1; batch <= 5; batch++) {
      train.add(DataFile.find("data_batch_" + batch + ".bin", TEN_SOURCE, folders));
    }
    Path test = DataFile.find("test_batch.bin", TEN_SOURCE, folders);
    return new DataSplits(
        new CifarImages(train, classes, 1), new CifarImages(List.of(test), classes, 1));
  }

  /**
   * {@return CIFAR-100 with its 100 fine classes}
   *
   * @param root holds {@code train.bin}, {@code test.bin} and {@code fine_label_names.txt}, or a
   *     folder {@code cifar-100-binary} with them
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static DataSplits hundred(Path root) {
    List<Path> folders = List.of(root, root.resolve("cifar-100-binary"));
    List<String> classes =
        names(DataFile.find("fine_label_names.txt", HUNDRED_SOURCE, folders), 100);
    Path train = DataFile.find("train.bin", HUNDRED_SOURCE, folders);
    Path test = DataFile.find("test.bin", HUNDRED_SOURCE, folders);
    return new DataSplits(
        new CifarImages(List.of(train), classes, 2), new CifarImages(List.of(test), classes, 2));
  }

  private static List<String> names(Path file, int count) {
    try {
      if (Files.size(file) > 1 << 16) {
        throw new BadInputException(file + " is too large for a list of class names");
      }
      List<String> names =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (names.size() != count) {
        throw new BadInputException(
            "%s has %d class names, not %d; download it again"
                .formatted(file, names.size(), count));
      }
      return names;
    } catch (IOException e) {
      throw new BadInputException("cannot read the class names in " + file + ": " + e, e);
    }
  }
}
