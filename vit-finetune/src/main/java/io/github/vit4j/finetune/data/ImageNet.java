package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ClassNames;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.registry.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * ImageNet-1k, and ImageNet-V2 (Recht et al. 2019).
 *
 * <p>ImageNet's images lie in class folders named by WordNet ids; the validation images may also
 * lie in one folder, as they are published, with the development kit beside it. ImageNet-V2's class
 * folders are named by the number of the class, which is not their order as text.
 */
public final class ImageNet {

  /** Where to get ImageNet, and what the folder then holds. */
  public static final String SOURCE =
      "get ILSVRC2012_img_val.tar (6.7 GB), and ILSVRC2012_img_train.tar (148 GB) to train, from"
          + " https://image-net.org/download.php and unpack so that ROOT holds val/n01440764/*.JPEG"
          + " and on (valprep.sh sorts them), or val/*.JPEG and ILSVRC2012_devkit_t12; to train,"
          + " train/n01440764/*.JPEG and on";

  /** Where to get ImageNet-V2, and what the folder then holds. */
  public static final String V2_SOURCE =
      "download from https://huggingface.co/datasets/vaishaal/ImageNetV2 the file"
          + " imagenetv2-matched-frequency.tar.gz (1.3 GB) and unpack so that ROOT holds"
          + " imagenetv2-matched-frequency-format-val with the folders 0 to 999";

  private static final int CLASSES = 1000;
  private static final String WORD_NET_ID = "n[0-9]{8}";
  private static final List<String> VALIDATION =
      List.of("val", "ILSVRC2012_img_val", "Data/CLS-LOC/val");

  private ImageNet() {}

  /** {@return the WordNet ids of the 1,000 classes in sorted order, which is that of the logits} */
  public static List<String> classes() {
    return ClassNames.of(LabelSet.IMAGENET_1K).stream().map(Label::id).toList();
  }

  /**
   * {@return the training and validation images}
   *
   * @param root holds {@code train} with class folders, and the validation images as for {@link
   *     #validation}
   * @throws BadInputException if either is missing or of another layout, with where to get it
   */
  public static DataSplits of(Path root) {
    Path folder = root.resolve("train");
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("there is no folder %s; %s".formatted(folder, SOURCE));
    }
    FileImages train = FileImages.of(byWordNetId(folder));
    return new DataSplits(train, FileImages.of(validationFiles(root), train.classes()));
  }

  /**
   * {@return the validation images alone, with the 1,000 {@link #classes}}
   *
   * @param root holds {@code val} with class folders, or with the images and {@code
   *     ILSVRC2012_devkit_t12} beside it; or the class folders themselves
   * @throws BadInputException if it is missing or of another layout, with where to get it
   */
  public static FileImages validation(Path root) {
    return FileImages.of(validationFiles(root), classes());
  }

  private static LabelledFiles validationFiles(Path root) {
    Path folder =
        VALIDATION.stream()
            .map(root::resolve)
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(Files.isDirectory(root.resolve("n01440764")) ? root : root.resolve("val"));
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("there is no folder %s; %s".formatted(folder, SOURCE));
    }
    if (!folders(folder).isEmpty()) {
      return byWordNetId(folder);
    }
    if (ImageFiles.list(folder, 1).isEmpty()) {
      throw new BadInputException(
          "%s has neither class folders nor images; %s".formatted(folder, SOURCE));
    }
    return ImageNetDevkit.label(folder, root, SOURCE);
  }

  private static LabelledFiles byWordNetId(Path folder) {
    for (String name : folders(folder)) {
      if (!name.matches(WORD_NET_ID)) {
        throw new BadInputException(
            "%s has a folder '%s', which is no WordNet id such as n01440764; %s"
                .formatted(folder, name, SOURCE));
      }
    }
    return classFolders(folder, SOURCE);
  }

  private static LabelledFiles classFolders(Path folder, String source) {
    try {
      return LabelledFiles.ofClassFolders(folder);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + "; " + source, e);
    }
  }

  private static List<String> folders(Path root) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .filter(folder -> !ImageFiles.isHidden(folder))
          .map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw ImageFiles.cannotList(root, e);
    }
  }

  /**
   * {@return the images of ImageNet-V2 with the 1,000 {@link #classes}}
   *
   * @param root one of its variants, such as {@code imagenetv2-matched-frequency-format-val}
   * @throws BadInputException if the folders are missing or have other names, with where to get
   *     them
   */
  public static FileImages v2(Path root) {
    return v2(root, classes());
  }

  /**
   * {@return the images of ImageNet-V2: 10,000 in 1,000 folders named 0 to 999, or by WordNet ids}
   *
   * @param root one of its variants, such as {@code imagenetv2-matched-frequency-format-val}
   * @param classes names for the 1,000 classes in the order of their WordNet ids
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
      throw new BadInputException("there is no folder %s; %s".formatted(root, V2_SOURCE));
    }
    List<String> ids = classes();
    for (String name : folders(root)) {
      number(root, name, ids);
    }
    List<LabelledFile> files = new ArrayList<>();
    for (LabelledFile file : classFolders(root, V2_SOURCE).files()) {
      files.add(new LabelledFile(file.file(), classes.get(number(root, file.label(), ids))));
    }
    return FileImages.of(new LabelledFiles(files), classes);
  }

  private static int number(Path root, String folder, List<String> ids) {
    if (folder.matches("[0-9]{1,3}")) {
      return Integer.parseInt(folder);
    }
    int number = ids.indexOf(folder);
    if (number < 0) {
      throw new BadInputException(
          "%s has a folder '%s', but those of ImageNet-V2 are named 0 to 999; give the folder that holds them, or %s"
              .formatted(root, folder, V2_SOURCE));
    }
    return number;
  }
}
