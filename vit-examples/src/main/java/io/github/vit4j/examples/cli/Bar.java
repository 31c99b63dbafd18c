package io.github.vit4j.examples.cli;

/** A share as a horizontal bar: eighths of a block where the terminal knows Unicode. */
final class Bar {

  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private Bar() {}

  static String of(double share, int width, boolean unicode) {
    double clamped = share > 0 ? Math.min(share, 1) : 0; // a NaN is no bar
    if (!unicode) {
      return "#".repeat((int) Math.round(clamped * width));
    }
    int eighths = (int) Math.round(clamped * width * 8);
    String rest = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
    return "█".repeat(eighths / 8) + rest;
  }
}
