package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** The images that src/test/python/augment.py made, and others. */
final class TestImages {

  private TestImages() {}

  static byte[] resource(String path) {
    try (InputStream in = TestImages.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RgbImage named(String name) {
    return new ImageDecoder().decode(resource("/augment/" + name + ".png"), name);
  }

  static RgbImage noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new SplittableRandom(seed).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  static String crc(RgbImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.pixels());
    return "%08x".formatted(crc.getValue());
  }
}
