package io.github.vit4j.image;

/** Smooths the edges of blocks in a decoded frame, RFC 6386 section 15. */
final class Vp8LoopFilter {

  private final Vp8Plane plane;

  Vp8LoopFilter(Vp8Plane plane) {
    this.plane = plane;
  }

  /**
   * All edges of one macroblock's part of the plane, in the order that the format prescribes.
   *
   * @param size 16 for luma, 8 for chroma
   * @param inner whether the edges of the 4x4 blocks within are filtered too
   */
  void macroblock(int x, int y, int size, Vp8Header.Filter filter, boolean inner, boolean simple) {
    int at = plane.index(x * size, y * size);
    if (x > 0) {
      edge(at, 1, plane.stride, size, filter, true, simple);
    }
    for (int i = 4; inner && i < size; i += 4) {
      edge(at + i, 1, plane.stride, size, filter, false, simple);
    }
    if (y > 0) {
      edge(at, plane.stride, 1, size, filter, true, simple);
    }
    for (int i = 4; inner && i < size; i += 4) {
      edge(at + i * plane.stride, plane.stride, 1, size, filter, false, simple);
    }
  }

  /** Steps across the edge from one sample to the next, and along it. */
  private void edge(
      int at,
      int across,
      int along,
      int length,
      Vp8Header.Filter filter,
      boolean outer,
      boolean simple) {
    int limit = 2 * (filter.limit() + (outer ? 4 : 0)) + 1;
    for (int i = 0; i < length; i++, at += along) {
      int p1 = plane.get(at - 2 * across);
      int p0 = plane.get(at - across);
      int q0 = plane.get(at);
      int q1 = plane.get(at + across);
      if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > limit) {
        continue;
      }
      if (simple) {
        two(at, across, p1, p0, q0, q1);
      } else if (smooth(at, across, filter.interior(), p1, p0, q0, q1)) {
        int variance = Math.max(Math.abs(p1 - p0), Math.abs(q1 - q0));
        if (variance > filter.highVariance()) {
          two(at, across, p1, p0, q0, q1);
        } else if (outer) {
          six(at, across, p1, p0, q0, q1);
        } else {
          four(at, across, p1, p0, q0, q1);
        }
      }
    }
  }

  private boolean smooth(int at, int across, int most, int p1, int p0, int q0, int q1) {
    int p3 = plane.get(at - 4 * across);
    int p2 = plane.get(at - 3 * across);
    int q2 = plane.get(at + 2 * across);
    int q3 = plane.get(at + 3 * across);
    return Math.abs(p3 - p2) <= most
        && Math.abs(p2 - p1) <= most
        && Math.abs(p1 - p0) <= most
        && Math.abs(q3 - q2) <= most
        && Math.abs(q2 - q1) <= most
        && Math.abs(q1 - q0) <= most;
  }

  private void two(int at, int across, int p1, int p0, int q0, int q1) {
    int a = 3 * (q0 - p0) + signed(p1 - q1);
    plane.setClipped(at - across, p0 + eighth(a + 3));
    plane.setClipped(at, q0 - eighth(a + 4));
  }

  private void four(int at, int across, int p1, int p0, int q0, int q1) {
    int a = 3 * (q0 - p0);
    int a1 = eighth(a + 4);
    int a3 = (a1 + 1) >> 1;
    plane.setClipped(at - 2 * across, p1 + a3);
    plane.setClipped(at - across, p0 + eighth(a + 3));
    plane.setClipped(at, q0 - a1);
    plane.setClipped(at + across, q1 - a3);
  }

  private void six(int at, int across, int p1, int p0, int q0, int q1) {
    int a = signed(3 * (q0 - p0) + signed(p1 - q1));
    int a1 = (27 * a + 63) >> 7;
    int a2 = (18 * a + 63) >> 7;
    int a3 = (9 * a + 63) >> 7;
    plane.add(at - 3 * across, a3);
    plane.setClipped(at - 2 * across, p1 + a2);
    plane.setClipped(at - across, p0 + a1);
    plane.setClipped(at, q0 - a1);
    plane.setClipped(at + across, q1 - a2);
    plane.add(at + 2 * across, -a3);
  }

  private static int signed(int value) {
    return Math.max(-128, Math.min(127, value));
  }

  private static int eighth(int value) {
    return Math.max(-16, Math.min(15, value >> 3));
  }
}
