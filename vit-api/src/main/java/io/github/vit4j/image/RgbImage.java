package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * An 8-bit RGB image: {@code height * width * 3} bytes, interleaved, rows from the top, as a NumPy
 * array of shape (H, W, 3) made from a Pillow image.
 *
 * <p>The pixels are shared, not copied, on the way in and out: treat the array as read-only once an
 * image is made from it, and an image may be used by many threads.
 */
public final class RgbImage {

  private final int width;
  private final int height;
  private final byte[] rgb;

  private RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * @param width pixels in a row, at least 1
   * @param height rows, at least 1
   * @param rgb {@code height * width * 3} bytes, (H, W, 3); not copied
   * @return the image on these bytes
   * @throws BadInputException if a side is not positive or the array has another length
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1) {
      throw new BadInputException(
          "An image cannot be %d x %d pixels: both sides must be at least 1."
              .formatted(width, height));
    }
    if (rgb.length != 3L * width * height) {
      throw new BadInputException(
          "A %d x %d RGB image needs %d bytes, but the array has %d: give 3 bytes a pixel, row by row."
              .formatted(width, height, 3L * width * height, rgb.length));
    }
    return new RgbImage(width, height, rgb);
  }

  /**
   * Takes over an AWT image. Images of the type {@code TYPE_INT_RGB}, {@code TYPE_INT_ARGB} or
   * {@code TYPE_3BYTE_BGR} keep their numbers (alpha is dropped); for every other type AWT's own
   * colour conversion applies, which for grey differs from Pillow's: decode files with {@link
   * ImageDecoder} instead.
   *
   * @param image any AWT image
   * @return its pixels
   */
  public static RgbImage fromBufferedImage(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int[] row = new int[width];
    for (int y = 0, to = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[to++] = (byte) (pixel >> 16);
        rgb[to++] = (byte) (pixel >> 8);
        rgb[to++] = (byte) pixel;
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /**
   * @return the same pixels as an AWT image of {@code TYPE_INT_RGB}
   */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0, from = 0; y < height; y++) {
      for (int x = 0; x < width; x++, from += 3) {
        row[x] = (rgb[from] & 0xff) << 16 | (rgb[from + 1] & 0xff) << 8 | (rgb[from + 2] & 0xff);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /**
   * @return pixels in a row
   */
  public int width() {
    return width;
  }

  /**
   * @return rows
   */
  public int height() {
    return height;
  }

  /**
   * @return the bytes themselves, (H, W, 3), not a copy
   */
  public byte[] pixels() {
    return rgb;
  }

  /**
   * @param x column, from the left
   * @param y row, from the top
   * @return {@code 0xRRGGBB}
   * @throws IndexOutOfBoundsException if the point is outside the image
   */
  public int pixel(int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "(%d, %d) is outside an image of %d x %d".formatted(x, y, width, height));
    }
    int at = 3 * (y * width + x);
    return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
  }

  /**
   * Cuts out a rectangle; what lies outside the image is black.
   *
   * @param x left edge, may be negative
   * @param y upper edge, may be negative
   * @param width of the result, at least 1
   * @param height of the result, at least 1
   * @return the rectangle, a new image unless it is the whole of this one
   * @throws BadInputException if the rectangle is empty or too large for an array
   */
  public RgbImage crop(int x, int y, int width, int height) {
    if (x == 0 && y == 0 && width == this.width && height == this.height) {
      return this;
    }
    if (width < 1 || height < 1 || 3L * width * height > Integer.MAX_VALUE) {
      throw new BadInputException(
          "Cannot crop to %d x %d pixels: both sides must be at least 1 and the result below 2 GB."
              .formatted(width, height));
    }
    byte[] out = new byte[3 * width * height];
    int left = Math.max(x, 0);
    long right = Math.min((long) x + width, this.width);
    int upper = Math.max(y, 0);
    long lower = Math.min((long) y + height, this.height);
    if (left < right) {
      for (int row = upper; row < lower; row++) {
        int from = 3 * (row * this.width + left);
        int to = 3 * ((row - y) * width + (left - x));
        System.arraycopy(rgb, from, out, to, 3 * (int) (right - left));
      }
    }
    return new RgbImage(width, height, out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage image
        && width == image.width
        && height == image.height
        && Arrays.equals(rgb, image.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + " x " + height + "]";
  }
}
