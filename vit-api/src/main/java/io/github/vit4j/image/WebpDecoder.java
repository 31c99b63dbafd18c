package io.github.vit4j.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.github.vit4j.error.BadInputException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** WebP, lossy and lossless, by TwelveMonkeys' reader; its raster is read without conversions. */
final class WebpDecoder {

  private WebpDecoder() {}

  static RgbImage decode(ImageBytes file) {
    int orientation = scan(file);
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file.data()))) {
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      return Orientation.apply(rgb(image), orientation);
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BadInputException(
          "Image %s is broken: %s. Replace or remove the file.".formatted(file.name(), e), e);
    } finally {
      reader.dispose();
    }
  }

  /** Checks the size before the reader sees the file, and looks for EXIF. */
  private static int scan(ImageBytes file) {
    int orientation = 1;
    boolean sized = false;
    long at = 12;
    while (at + 8 <= file.length()) {
      int chunk = (int) at;
      long length = file.u32le(chunk + 4);
      int body = chunk + 8;
      if (file.has(chunk, "VP8X")) {
        file.checkSize(file.u24le(body + 4) + 1L, file.u24le(body + 7) + 1L);
        sized = true;
      } else if (file.has(chunk, "VP8 ")) {
        file.checkSize(file.u16le(body + 6) & 0x3fff, file.u16le(body + 8) & 0x3fff);
        sized = true;
      } else if (file.has(chunk, "VP8L")) {
        long packed = file.u32le(body + 1);
        file.checkSize((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1);
        sized = true;
      } else if (file.has(chunk, "EXIF") && body + length <= file.length()) {
        orientation = Orientation.parse(file, body, (int) length);
      }
      at = body + length + length % 2;
    }
    if (!sized) {
      throw file.truncated();
    }
    return orientation;
  }

  private static RgbImage rgb(BufferedImage image) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int height = image.getHeight();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width * bands];
    for (int y = 0, to = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        rgb[to++] = (byte) row[x * bands];
        rgb[to++] = (byte) row[x * bands + 1];
        rgb[to++] = (byte) row[x * bands + 2];
      }
    }
    return RgbImage.of(width, height, rgb);
  }
}
