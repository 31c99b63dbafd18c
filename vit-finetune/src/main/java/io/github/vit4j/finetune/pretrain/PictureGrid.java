package io.github.vit4j.finetune.pretrain;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** Images of patches, side by side in rows, as PNG. */
final class PictureGrid {

  private static final int SIDE = 128;
  private static final int GAP = 4;

  private PictureGrid() {}

  /**
   * Draws a grid with a row for each image.
   *
   * @param columns patches of each column's images, (count * N, 3 * patch * patch), from 0 to 1
   */
  static byte[] png(List<float[]> columns, PatchView view, int count) {
    int height = view.rows() * view.patchSize();
    int width = view.columns() * view.patchSize();
    int scale = Math.max(1, SIDE / Math.max(height, width)); // small images are hard to see
    BufferedImage out =
        new BufferedImage(
            columns.size() * (width * scale + GAP) + GAP,
            count * (height * scale + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    int[] white = new int[out.getWidth() * out.getHeight()];
    Arrays.fill(white, 0xffffff);
    out.setRGB(0, 0, out.getWidth(), out.getHeight(), white, 0, out.getWidth());
    for (int column = 0; column < columns.size(); column++) {
      for (int image = 0; image < count; image++) {
        int left = GAP + column * (width * scale + GAP);
        int top = GAP + image * (height * scale + GAP);
        for (int y = 0; y < height * scale; y++) {
          for (int x = 0; x < width * scale; x++) {
            int rgb = colour(columns.get(column), view, image, y / scale, x / scale);
            out.setRGB(left + x, top + y, rgb);
          }
        }
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(out, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw a picture", e);
    }
    return png.toByteArray();
  }

  private static int colour(float[] patches, PatchView view, int image, int y, int x) {
    int p = view.patchSize();
    int patch = image * view.patches() + y / p * view.columns() + x / p;
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      float value = patches[patch * view.values() + (channel * p + y % p) * p + x % p];
      rgb = rgb << 8 | Math.round(255 * Math.max(0, Math.min(1, value)));
    }
    return rgb;
  }
}
