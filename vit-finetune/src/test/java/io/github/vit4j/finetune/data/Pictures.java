package io.github.vit4j.finetune.data;

import io.github.vit4j.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Small image files, and published annotation files, in a test's own folder. */
final class Pictures {

  private Pictures() {}

  /** Writes an image of one colour; decoders look at the content, so any name will do. */
  static Path write(Path file, int width, int height, int colour) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (colour >> 16);
      rgb[i + 1] = (byte) (colour >> 8);
      rgb[i + 2] = (byte) colour;
    }
    try {
      Files.createDirectories(file.getParent());
      ImageIO.write(RgbImage.of(width, height, rgb).toBufferedImage(), "png", file.toFile());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file) {
    return write(file, 3, 2, 0x102030);
  }

  /** Copies a file from src/test/resources/datasets. */
  static Path copy(String name, Path to) {
    try (InputStream in = Pictures.class.getResourceAsStream("/datasets/" + name)) {
      Files.createDirectories(to.getParent());
      Files.write(to, in.readAllBytes());
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
