package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds image files by their extension: jpg, jpeg, png, webp, gif and bmp, in either case. Whatever
 * begins with a dot is skipped. Links are followed.
 */
public final class ImageFiles {

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp");

  private ImageFiles() {}

  /**
   * {@return the images that lie directly in a folder, sorted}
   *
   * @param folder its folders are not entered
   * @throws BadInputException if it cannot be listed or holds no image
   */
  public static List<Path> in(Path folder) {
    return found(folder, 1, "");
  }

  /**
   * {@return the images in a folder and in the folders below it, sorted}
   *
   * @param folder where to begin
   * @throws BadInputException if it cannot be listed or holds no image
   */
  public static List<Path> below(Path folder) {
    return found(folder, Integer.MAX_VALUE, " or below it");
  }

  private static List<Path> found(Path folder, int depth, String where) {
    List<Path> images = list(folder, depth);
    if (images.isEmpty()) {
      throw new BadInputException(
          "%s has no images in it%s; known are files ending in .jpg, .jpeg, .png, .webp, .gif and .bmp"
              .formatted(folder, where));
    }
    return images;
  }

  /** The images, which may be none. */
  static List<Path> list(Path folder, int depth) {
    requireFolder(folder);
    List<Path> images = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          depth,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              return dir.equals(folder) || !isHidden(dir)
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && isImage(name(file))) {
                images.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw cannotList(folder, e);
    }
    Collections.sort(images);
    return images;
  }

  static void requireFolder(Path folder) {
    if (!Files.exists(folder)) {
      throw new BadInputException(folder + " does not exist; check the path");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder + " is a file; give the folder that holds the images");
    }
  }

  static BadInputException cannotList(Path folder, IOException e) {
    return new BadInputException("cannot list " + folder + ": " + e, e);
  }

  static boolean isHidden(Path file) {
    return name(file).startsWith(".");
  }

  /** Whether a file of this name is an image, and not hidden. */
  static boolean isImage(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && EXTENSIONS.contains(extension);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
