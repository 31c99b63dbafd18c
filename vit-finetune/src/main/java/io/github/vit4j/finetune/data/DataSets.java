package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens a data set by what lies at a path, for those who let their users name any. */
public final class DataSets {

  private DataSets() {}

  /**
   * {@return the images at a path, split as the data set's own files or folders say}
   *
   * <p>A file is read by {@link TarImages}. Of a folder, {@code setid.mat} tells {@link
   * Flowers102}, {@code fine_label_names.txt} CIFAR-100, {@code batches.meta.txt} CIFAR-10 (also
   * inside the folder that the publisher's archive makes), {@code cars_annos.mat} or {@code
   * cars_train_annos.mat} {@link StanfordCars}; every other folder is read by {@link ImageFolder}.
   *
   * @param path a tar file or a folder
   * @throws BadInputException if there is nothing at the path, or what is there is broken
   */
  public static DataSplits open(Path path) {
    if (Files.isRegularFile(path)) {
      return TarImages.of(path);
    }
    if (!Files.isDirectory(path)) {
      throw new BadInputException(
          path
              + " does not exist; give a folder of class folders, a published data set's folder,"
              + " or a tar file");
    }
    if (has(path, "setid.mat")) {
      return Flowers102.of(path);
    }
    if (has(path, "fine_label_names.txt", "cifar-100-binary/fine_label_names.txt")) {
      return Cifar.hundred(path);
    }
    if (has(path, "batches.meta.txt", "cifar-10-batches-bin/batches.meta.txt")) {
      return Cifar.ten(path);
    }
    return has(path, "cars_annos.mat", "cars_train_annos.mat", "devkit/cars_train_annos.mat")
        ? StanfordCars.of(path)
        : ImageFolder.of(path);
  }

  private static boolean has(Path folder, String... files) {
    return List.of(files).stream().anyMatch(file -> Files.isRegularFile(folder.resolve(file)));
  }
}
