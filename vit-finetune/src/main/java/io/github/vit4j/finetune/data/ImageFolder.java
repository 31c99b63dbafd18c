package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folders of class folders, the layout that most image collections come in.
 *
 * <pre>
 * root/train/CLASS/NAME.jpg      root/CLASS/NAME.jpg
 * root/val/CLASS/NAME.jpg
 * </pre>
 *
 * <p>On the left the folders are the splits: {@code train} or {@code training}, and the first of
 * {@code val}, {@code valid}, {@code validation} and {@code test} that there is. On the right, and
 * where there is only a training folder, a tenth of each class is held out, the same one every
 * time.
 */
public final class ImageFolder {

  static final List<String> TRAIN = List.of("train", "training");
  static final List<String> VALIDATION = List.of("val", "valid", "validation", "test");
  private static final long SEED = 0;

  private ImageFolder() {}

  /**
   * {@return the images of a folder, split as its own folders say, or else by holding out a tenth}
   *
   * @param root holds split folders or class folders
   * @throws BadInputException if there are no class folders, fewer than two classes, no images, or
   *     a validation folder without a training folder
   */
  public static DataSplits of(Path root) {
    Path train = first(root, TRAIN);
    Path validation = first(root, VALIDATION);
    if (train == null) {
      if (validation != null) {
        throw new BadInputException(
            "%s has a folder %s but none to train on; name that one train, or give the folder of class folders itself"
                .formatted(root, validation.getFileName()));
      }
      return DataSplits.holdOut(read(root), DataSplits.DEFAULT_HOLD_OUT, SEED);
    }
    FileImages images = read(train);
    return validation == null
        ? DataSplits.holdOut(images, DataSplits.DEFAULT_HOLD_OUT, SEED)
        : new DataSplits(images, read(validation, images.classes()));
  }

  /**
   * {@return the images of a folder of class folders, split at random}
   *
   * @param root holds class folders
   * @param part of each class to hold out, above 0 and below 1
   * @param seed which images are held out follows from it
   * @throws BadInputException as {@link #of(Path)} and {@link DataSplits#holdOut}
   */
  public static DataSplits holdOut(Path root, double part, long seed) {
    return DataSplits.holdOut(read(root), part, seed);
  }

  /**
   * {@return all images of a folder of class folders}
   *
   * @param root holds class folders, whose names in sorted order are the classes
   * @throws BadInputException if there are no class folders, fewer than two with images, or no
   *     images
   */
  public static FileImages read(Path root) {
    FileImages images = FileImages.of(LabelledFiles.ofClassFolders(root));
    if (images.classes().size() < 2) {
      throw new BadInputException(
          "%s has images of one class only (%s); a classifier needs at least two"
              .formatted(root, images.classes().get(0)));
    }
    return images;
  }

  /**
   * {@return all images of a folder of class folders}
   *
   * @param root holds class folders
   * @param classes in the order that the model has them; there need not be a folder for each
   * @throws BadInputException if a folder with images is none of the classes
   */
  public static FileImages read(Path root, List<String> classes) {
    return FileImages.of(LabelledFiles.ofClassFolders(root), classes);
  }

  private static @Nullable Path first(Path root, List<String> names) {
    ImageFiles.requireFolder(root);
    for (String name : names) {
      if (Files.isDirectory(root.resolve(name))) {
        return root.resolve(name);
      }
    }
    return null;
  }
}
