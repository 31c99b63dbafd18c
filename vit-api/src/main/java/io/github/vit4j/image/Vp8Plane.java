package io.github.vit4j.image;

import java.util.Arrays;

/**
 * One component of a frame, with the border that prediction reads beyond its edges: a row of 127
 * above, which goes on to the right, and a column of 129 to the left.
 */
final class Vp8Plane {

  private static final int RIGHT = 4;

  final int stride;
  final byte[] samples;

  Vp8Plane(int width, int height) {
    stride = 1 + width + RIGHT;
    samples = new byte[Math.multiplyExact(stride, height + 1)];
    for (int i = stride; i < samples.length; i += stride) {
      samples[i] = (byte) 129;
    }
    Arrays.fill(samples, 0, stride, (byte) 127);
  }

  int index(int x, int y) {
    return (y + 1) * stride + 1 + x;
  }

  int get(int at) {
    return samples[at] & 0xff;
  }

  void set(int at, int value) {
    samples[at] = (byte) value;
  }

  void setClipped(int at, int value) {
    samples[at] = (byte) Math.max(0, Math.min(255, value));
  }

  void add(int at, int difference) {
    setClipped(at, get(at) + difference);
  }
}
