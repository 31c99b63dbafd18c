package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ImageNet-1k in class folders named by WordNet ids, and ImageNet-V2 (Recht et al. 2019), whose
 * class folders are named by the index of the class.
 */
public final class ImageNet {

  private static final int CLASSES = 1000;
  private static final String SOURCE =
      "get ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar from https://image-net.org/download.php and sort both into a folder for each WordNet id (valprep.sh does it for the validation images)";

  private ImageNet() {}

  /**
   * {@return the training and validation images}
   *
   * @param root holds {@code train} and {@code val} with class folders
   * @throws BadInputException if either is missing or has no class folders, with where to get it
   */
  public static DataSplits of(Path root) {
    FileImages train = read(root.resolve("train"));
    return new DataSplits(train, ImageFolder.read(folder(root, "val"), train.classes()));
  }

  /**
   * {@return the validation images alone}
   *
   * @param root holds {@code val} with class folders
   * @throws BadInputException if it is missing or has no class folders, with where to get it
   */
  public static FileImages validation(Path root) {
    return read(folder(root, "val"));
  }

  private static Path folder(Path root, String name) {
    Path folder = root.resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("there is no folder %s; %s".formatted(folder, SOURCE));
    }
    return folder;
  }

  private static FileImages read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("there is no folder %s; %s".formatted(folder, SOURCE));
    }
    try {
      return ImageFolder.read(folder);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + "; " + SOURCE, e);
    }
  }

  /**
   * {@return the images of ImageNet-V2: 10,000 in 1,000 folders named 0 to 999}
   *
   * @param root one of its variants, such as {@code imagenetv2-matched-frequency-format-val}
   * @param classes the 1,000 classes in the order of their WordNet ids, as models of ImageNet have
   *     them
   * @throws BadInputException if the folders are missing or have other names, with where to get
   *     them, or there are not 1,000 classes
   */
  public static FileImages v2(Path root, List<String> classes) {
    if (classes.size() != CLASSES) {
      throw new BadInputException(
          "ImageNet-V2 has 1000 classes, but %d names were given; use a model of ImageNet-1k"
              .formatted(classes.size()));
    }
    if (!Files.isDirectory(root)) {
      throw new BadInputException(
          "there is no folder %s; get imagenetv2-matched-frequency.tar.gz from https://huggingface.co/datasets/vaishaal/ImageNetV2 and unpack it there"
              .formatted(root));
    }
    List<LabelledFile> files = new ArrayList<>();
    for (LabelledFile file : LabelledFiles.ofClassFolders(root).files()) {
      files.add(new LabelledFile(file.file(), classes.get(index(root, file.label()))));
    }
    return FileImages.of(new LabelledFiles(files), classes);
  }

  private static int index(Path root, String folder) {
    if (!folder.matches("[0-9]{1,3}")) {
      throw new BadInputException(
          "%s has a folder '%s', but those of ImageNet-V2 are named 0 to 999; give the folder that holds them"
              .formatted(root, folder));
    }
    return Integer.parseInt(folder);
  }
}
