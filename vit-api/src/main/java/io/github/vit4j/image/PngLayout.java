package io.github.vit4j.image;

import java.util.ArrayList;
import java.util.List;

/** A PNG's IHDR chunk and what follows from it for the order of its rows. */
record PngLayout(int width, int height, int depth, int colourType, boolean interlaced) {

  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  private static final int[] ADAM7_X = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] ADAM7_Y = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] ADAM7_STEP_X = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] ADAM7_STEP_Y = {8, 8, 8, 4, 4, 2, 2};

  /** A grid of pixels that is stored as an image of its own: width x height, x and y apart. */
  record Pass(int x, int y, int stepX, int stepY, int width, int height) {}

  static PngLayout parse(ImageBytes file, int at) {
    int depth = file.u8(at + 8);
    int type = file.u8(at + 9);
    boolean known =
        switch (type) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known) {
      throw file.broken("PNG has no colour type %d with %d bits".formatted(type, depth));
    }
    if (file.u8(at + 11) != 0) {
      throw file.broken("PNG has no filter method %d".formatted(file.u8(at + 11)));
    }
    return new PngLayout(
        (int) file.u32(at), (int) file.u32(at + 4), depth, type, file.u8(at + 12) != 0);
  }

  int channels() {
    return switch (colourType) {
      case RGB -> 3;
      case RGB_ALPHA -> 4;
      case GREY_ALPHA -> 2;
      default -> 1;
    };
  }

  int rowBytes(int pixels) {
    return (int) (((long) pixels * channels() * depth + 7) / 8);
  }

  int bytesPerPixel() {
    return Math.max(1, channels() * depth / 8);
  }

  /** The bytes of all rows, filter types included, that the data must inflate to. */
  long rawBytes() {
    long bytes = 0;
    for (Pass pass : passes()) {
      bytes += (long) pass.height() * (1 + rowBytes(pass.width()));
    }
    return bytes;
  }

  List<Pass> passes() {
    if (!interlaced) {
      return List.of(new Pass(0, 0, 1, 1, width, height));
    }
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      int columns = (width - ADAM7_X[i] + ADAM7_STEP_X[i] - 1) / ADAM7_STEP_X[i];
      int rows = (height - ADAM7_Y[i] + ADAM7_STEP_Y[i] - 1) / ADAM7_STEP_Y[i];
      if (columns > 0 && rows > 0) {
        passes.add(
            new Pass(ADAM7_X[i], ADAM7_Y[i], ADAM7_STEP_X[i], ADAM7_STEP_Y[i], columns, rows));
      }
    }
    return passes;
  }
}
