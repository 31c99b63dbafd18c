package io.github.vit4j.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * WebP: the picture, or an animation's first frame on its canvas. Lossless data is read by
 * TwelveMonkeys' reader, which is given nothing but that data, so that profiles, alpha chunks and
 * metadata cannot trouble it.
 */
final class WebpDecoder {

  private static final int ANIMATED = 2;

  private final ImageBytes file;
  private int canvasWidth;
  private int canvasHeight;
  private boolean animated;
  private int orientation;
  private int picture = -1;
  private int frameX;
  private int frameY;

  private WebpDecoder(ImageBytes file) {
    this.file = file;
  }

  static RgbImage decode(ImageBytes file) {
    WebpDecoder decoder = new WebpDecoder(file);
    decoder.walkChunks(12, file.length(), false);
    return Orientation.apply(decoder.onCanvas(decoder.pixels()), decoder.orientation);
  }

  /** A frame within a frame means nothing, and a file could hold any number of them. */
  private void walkChunks(int from, int end, boolean inFrame) {
    long at = from;
    while (at + 8 <= end) {
      int chunk = (int) at;
      int body = chunk + 8;
      long length = file.u32le(chunk + 4);
      boolean isPicture = file.has(chunk, "VP8 ") || file.has(chunk, "VP8L");
      if (isPicture && picture < 0) {
        picture = chunk;
      } else if (file.has(chunk, "VP8X")) {
        animated = (file.u8(body) & ANIMATED) != 0;
        canvasWidth = file.u24le(body + 4) + 1;
        canvasHeight = file.u24le(body + 7) + 1;
        file.checkSize(canvasWidth, canvasHeight);
      } else if (file.has(chunk, "ANMF") && picture < 0 && !inFrame) {
        frameX = 2 * file.u24le(body);
        frameY = 2 * file.u24le(body + 3);
        walkChunks(body + 16, (int) Math.min(body + length, end), true);
      } else if (file.has(chunk, "EXIF") && body + length <= end) {
        orientation = Orientation.parse(file, body, (int) length);
      }
      at = body + length + length % 2;
    }
  }

  private RgbImage pixels() {
    if (picture < 0) {
      throw file.truncated();
    }
    long end = picture + 8 + file.u32le(picture + 4);
    if (end > file.length()) {
      throw file.truncated();
    }
    return file.has(picture, "VP8L")
        ? lossless(picture + 8, (int) end)
        : Vp8Decoder.decode(file, picture + 8, (int) end);
  }

  private RgbImage lossless(int at, int end) {
    long packed = file.u32le(at + 1);
    file.checkSize((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1);
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(alone(at, end)))) {
      reader.setInput(in, true, true);
      return rgb(reader.read(0).getRaster());
    } catch (IOException | RuntimeException e) {
      // the reader throws many kinds for broken data: index, state, argument
      throw file.broken(e);
    } finally {
      reader.dispose();
    }
  }

  /** A file of one lossless chunk. */
  private byte[] alone(int at, int end) {
    int length = end - at;
    ByteBuffer out = ByteBuffer.allocate(20 + length + length % 2).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
    out.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(length);
    out.put(file.data(), at, length);
    return out.array();
  }

  private static RgbImage rgb(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
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

  private RgbImage onCanvas(RgbImage frame) {
    if (canvasWidth == 0) {
      return frame;
    }
    boolean fits =
        animated
            ? (long) frameX + frame.width() <= canvasWidth
                && (long) frameY + frame.height() <= canvasHeight
            : frame.width() == canvasWidth && frame.height() == canvasHeight;
    if (!fits) {
      throw file.broken("its picture does not fit its canvas");
    }
    return frame.crop(-frameX, -frameY, canvasWidth, canvasHeight);
  }
}
