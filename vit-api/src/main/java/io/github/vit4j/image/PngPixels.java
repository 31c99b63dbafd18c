package io.github.vit4j.image;

/** Writes a PNG's rows, of whatever colour type and depth, into an RGB array. */
final class PngPixels {

  private final PngLayout layout;
  private final byte[] rgb;

  /** Red, green and blue for each index, or for each grey value below 8 bits. */
  private final byte[] colours;

  PngPixels(ImageBytes file, PngLayout layout, int palette, int paletteLength, byte[] rgb) {
    this.layout = layout;
    this.rgb = rgb;
    if (layout.colourType() == PngLayout.PALETTE) {
      if (palette < 0) {
        throw file.broken("it has indexed colours but no palette");
      }
      colours = greys(255);
      System.arraycopy(file.data(), palette, colours, 0, 3 * paletteLength);
    } else {
      colours = greys((1 << Math.min(8, layout.depth())) - 1);
    }
  }

  /** As Pillow, whose palettes are grey ramps where the file defines no colour. */
  private static byte[] greys(int white) {
    byte[] colours = new byte[3 * 256];
    for (int i = 0; i <= white; i++) {
      byte grey = (byte) (i * (255 / white));
      colours[3 * i] = grey;
      colours[3 * i + 1] = grey;
      colours[3 * i + 2] = grey;
    }
    return colours;
  }

  void put(byte[] row, PngLayout.Pass pass, int y) {
    int to = 3 * ((pass.y() + y * pass.stepY()) * layout.width() + pass.x());
    int step = 3 * pass.stepX();
    int depth = layout.depth();
    // of a 16-bit sample the first byte is the high one
    int sample = depth == 16 ? 2 : 1;
    int pixel = layout.channels() * sample;
    switch (layout.colourType()) {
      case PngLayout.RGB, PngLayout.RGB_ALPHA -> {
        for (int x = 0, from = 0; x < pass.width(); x++, to += step, from += pixel) {
          rgb[to] = row[from];
          rgb[to + 1] = row[from + sample];
          rgb[to + 2] = row[from + 2 * sample];
        }
      }
      default -> {
        int mask = (1 << Math.min(8, depth)) - 1;
        for (int x = 0; x < pass.width(); x++, to += step) {
          int index =
              depth >= 8
                  ? row[x * pixel] & 0xff
                  : row[x * depth / 8] >> (8 - depth - x * depth % 8) & mask;
          rgb[to] = colours[3 * index];
          rgb[to + 1] = colours[3 * index + 1];
          rgb[to + 2] = colours[3 * index + 2];
        }
      }
    }
  }
}
