package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stanford Cars (Krause et al. 2013) in either of the publisher's layouts: {@code cars_train},
 * {@code cars_test} and a folder {@code devkit} (whose files may also lie beside them), or {@code
 * car_ims} and {@code cars_annos.mat}. Whole images are used, as in the paper; the boxes are not.
 */
public final class StanfordCars {

  /** Where to get it, and what the folder then holds. */
  public static final String SOURCE =
      "get cars_train.tgz, cars_test.tgz (2 GB together), car_devkit.tgz and"
          + " cars_test_annos_withlabels.mat of"
          + " https://ai.stanford.edu/~jkrause/cars/car_dataset.html (while that is offline,"
          + " https://github.com/pytorch/vision/issues/7545 names mirrors) and unpack so that ROOT"
          + " holds cars_train/00001.jpg and on, cars_test/00001.jpg and on,"
          + " devkit/cars_train_annos.mat, devkit/cars_meta.mat and"
          + " cars_test_annos_withlabels.mat";

  private static final String ANNOTATIONS = "annotations";

  private StanfordCars() {}

  /**
   * {@return the publisher's split into training and test images}
   *
   * <p>Images that are missing on disk are left out; {@link PublishedCounts#STANFORD_CARS} tells.
   *
   * @param root holds the image folders and the annotations
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static DataSplits of(Path root) {
    Path joined = root.resolve("cars_annos.mat");
    if (Files.isRegularFile(joined)) {
      MatlabVariables cars = MatlabVariables.read(joined);
      return new DataSplits(joined(root, joined, cars, 0), joined(root, joined, cars, 1));
    }
    return new DataSplits(train(root), test(root));
  }

  /**
   * {@return the training images alone}
   *
   * @param root holds {@code cars_train} and the devkit
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static FileImages train(Path root) {
    return part(root, "cars_train_annos.mat", "cars_train");
  }

  /**
   * {@return the test images alone}
   *
   * @param root holds {@code cars_test}, {@code cars_test_annos_withlabels.mat} and the devkit
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static FileImages test(Path root) {
    return part(root, "cars_test_annos_withlabels.mat", "cars_test");
  }

  private static FileImages part(Path root, String annotations, String folder) {
    List<Path> places = List.of(root, root.resolve("devkit"));
    List<String> classes =
        MatlabVariables.read(DataFile.find("cars_meta.mat", SOURCE, places)).texts("class_names");
    Path file = DataFile.find(annotations, SOURCE, places);
    MatlabVariables cars = MatlabVariables.read(file);
    Listed listed = new Listed(file, root.resolve(folder));
    for (int i = 0; i < cars.structs(ANNOTATIONS); i++) {
      listed.add(cars.text(ANNOTATIONS, i, "fname"), name(cars, file, i, classes));
    }
    return listed.images(classes, SOURCE);
  }

  private static FileImages joined(Path root, Path file, MatlabVariables cars, int test) {
    List<String> classes = cars.texts("class_names");
    Listed listed = new Listed(file, root);
    for (int i = 0; i < cars.structs(ANNOTATIONS); i++) {
      if (cars.integer(ANNOTATIONS, i, "test") == test) {
        listed.add(cars.text(ANNOTATIONS, i, "relative_im_path"), name(cars, file, i, classes));
      }
    }
    return listed.images(classes, SOURCE);
  }

  private static String name(MatlabVariables cars, Path file, int index, List<String> classes) {
    if (!cars.hasField(ANNOTATIONS, "class")) {
      throw new BadInputException(
          file + " has no classes; get cars_test_annos_withlabels.mat, which has them");
    }
    int label = cars.integer(ANNOTATIONS, index, "class");
    if (label < 1 || label > classes.size()) {
      throw new BadInputException(
          "%s gives image %d the class %d, but classes run from 1 to %d; download it again"
              .formatted(file, index + 1, label, classes.size()));
    }
    return classes.get(label - 1);
  }
}
