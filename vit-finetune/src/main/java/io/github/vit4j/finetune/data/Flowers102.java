package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Oxford Flowers-102 (Nilsback and Zisserman 2008) as the publisher lays it out: {@code
 * jpg/image_00001.jpg} and on, {@code imagelabels.mat} and {@code setid.mat}.
 *
 * <p>Classes are named by the publisher's numbers, {@code 1} to {@code 102}.
 */
public final class Flowers102 {

  /** Where to get it, and what the folder then holds. */
  public static final String SOURCE =
      "download 102flowers.tgz (345 MB), imagelabels.mat and setid.mat from"
          + " https://www.robots.ox.ac.uk/~vgg/data/flowers/102/ and unpack so that ROOT holds"
          + " jpg/image_00001.jpg and on, imagelabels.mat and setid.mat";

  private static final int CLASSES = 102;

  private Flowers102() {}

  /**
   * {@return the paper's split: learnt from training and validation images together, measured on
   * the test images}
   *
   * <p>Images that are missing on disk are left out; {@link PublishedCounts#FLOWERS_102} tells.
   *
   * @param root holds the label files and the folder {@code jpg}
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static DataSplits of(Path root) {
    Path sets = DataFile.find("setid.mat", SOURCE, List.of(root));
    Path labelFile = DataFile.find("imagelabels.mat", SOURCE, List.of(root));
    MatlabVariables ids = MatlabVariables.read(sets);
    int[] labels = MatlabVariables.read(labelFile).integers("labels");
    return new DataSplits(
        images(root, sets, labels, ids.integers("trnid"), ids.integers("valid")),
        images(root, sets, labels, ids.integers("tstid")));
  }

  private static FileImages images(Path root, Path sets, int[] labels, int[]... ids) {
    Path folder = Files.isDirectory(root.resolve("jpg")) ? root.resolve("jpg") : root;
    Listed listed = new Listed(sets, folder);
    for (int[] part : ids) {
      for (int id : part) {
        if (id < 1 || id > labels.length) {
          throw new BadInputException(
              "%s names image %d, but there are labels for 1 to %d; download both label files again"
                  .formatted(sets, id, labels.length));
        }
        int label = labels[id - 1];
        if (label < 1 || label > CLASSES) {
          throw new BadInputException(
              "%s gives image %d the label %d, but labels run from 1 to %d; download it again"
                  .formatted(root.resolve("imagelabels.mat"), id, label, CLASSES));
        }
        listed.add("image_%05d.jpg".formatted(id), Integer.toString(label));
      }
    }
    List<String> classes = IntStream.rangeClosed(1, CLASSES).mapToObj(Integer::toString).toList();
    return listed.images(classes, SOURCE);
  }
}
