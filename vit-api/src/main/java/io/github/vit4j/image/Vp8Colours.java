package io.github.vit4j.image;

/**
 * A frame's planes to RGB as libwebp does by default: chroma is upsampled with weights of 9, 3, 3
 * and 1 sixteenths, rounded in libwebp's two steps, and converted from BT.601's limited range.
 */
final class Vp8Colours {

  private final Vp8Plane luma;
  private final Vp8Plane u;
  private final Vp8Plane v;
  private final int width;
  private final byte[] rgb;

  private Vp8Colours(Vp8Plane luma, Vp8Plane u, Vp8Plane v, int width, byte[] rgb) {
    this.luma = luma;
    this.u = u;
    this.v = v;
    this.width = width;
    this.rgb = rgb;
  }

  static byte[] toRgb(Vp8Plane luma, Vp8Plane u, Vp8Plane v, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Vp8Colours colours = new Vp8Colours(luma, u, v, width, rgb);
    int lastChroma = (height + 1) / 2 - 1;
    for (int y = 0; y < height; y++) {
      // the nearer chroma row is y / 2, the other the one on the far side of the nearer luma edge
      int near = y / 2;
      int far = y % 2 == 0 ? near - 1 : near + 1;
      colours.row(y, near, Math.max(0, Math.min(lastChroma, far)));
    }
    return rgb;
  }

  private void row(int y, int nearRow, int farRow) {
    int near = u.index(0, nearRow);
    int far = u.index(0, farRow);
    int from = luma.index(0, y);
    int to = 3 * y * width;
    int lastChroma = (width + 1) / 2 - 1;
    for (int x = 0; x < width; x++, to += 3) {
      int own = x / 2;
      int side = x % 2 == 0 ? own - 1 : own + 1;
      int cb;
      int cr;
      if (side < 0 || side > lastChroma) {
        cb = (3 * u.get(near + own) + u.get(far + own) + 2) >> 2;
        cr = (3 * v.get(near + own) + v.get(far + own) + 2) >> 2;
      } else {
        cb = mix(u, near + own, near + side, far + own, far + side);
        cr = mix(v, near + own, near + side, far + own, far + side);
      }
      int light = luma.get(from + x) * 19077 >> 8;
      rgb[to] = clip(light + (cr * 26149 >> 8) - 14234);
      rgb[to + 1] = clip(light - (cb * 6419 >> 8) - (cr * 13320 >> 8) + 8708);
      rgb[to + 2] = clip(light + (cb * 33050 >> 8) - 17685);
    }
  }

  /** The nearest of four samples, its two neighbours, and the one across. */
  private static int mix(Vp8Plane plane, int nearest, int beside, int above, int across) {
    int n = plane.get(nearest);
    int b = plane.get(beside);
    int a = plane.get(above);
    int c = plane.get(across);
    int diagonal = (n + 3 * b + 3 * a + c + 8) >> 3;
    return (diagonal + n) >> 1;
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value >> 6));
  }
}
