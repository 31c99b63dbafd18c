package io.github.vit4j.examples.cifar10;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.zoo.ClassNames;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.registry.LabelSet;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * All images of a split in memory.
 *
 * @param side side of every image in pixels
 * @param pixels one array an image, (H, W, 3), 8 bits a value
 * @param labels index into {@link #CLASSES}
 */
record LabelledImages(int side, List<byte[]> pixels, List<Integer> labels) {

  static final List<String> CLASSES =
      ClassNames.of(LabelSet.CIFAR_10).stream().map(Label::name).toList();

  private static final int SIDE = 32;

  /** Reads {@code .../SPLIT/CLASS/NAME.jpg} from a tar file. */
  static LabelledImages fromTar(Path tar, String split) {
    List<byte[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    ImageDecoder decoder = new ImageDecoder();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar), 1 << 20);
        TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
      TarArchiveEntry entry = entries.getNextEntry();
      for (; entry != null; entry = entries.getNextEntry()) {
        String[] path = entry.getName().split("/");
        if (!entry.isFile() || path.length < 3 || !path[path.length - 3].equals(split)) {
          continue;
        }
        int label = CLASSES.indexOf(path[path.length - 2]);
        if (label < 0) {
          throw new BadInputException(
              "%s holds %s, which is in none of the folders %s"
                  .formatted(tar, entry.getName(), CLASSES));
        }
        byte[] rgb = decoder.decode(entries.readAllBytes(), entry.getName()).pixels();
        if (rgb.length != SIDE * SIDE * 3) {
          throw new BadInputException(
              "%s in %s is not %d x %d pixels".formatted(entry.getName(), tar, SIDE, SIDE));
        }
        pixels.add(rgb);
        labels.add(label);
      }
    } catch (IOException e) {
      throw new BadInputException("cannot read " + tar + ": " + e.getMessage(), e);
    }
    if (pixels.isEmpty()) {
      throw new BadInputException(
          tar + " has no images under " + split + "/CLASS/; expected class folders " + CLASSES);
    }
    return new LabelledImages(SIDE, pixels, labels);
  }

  int size() {
    return pixels.size();
  }
}
