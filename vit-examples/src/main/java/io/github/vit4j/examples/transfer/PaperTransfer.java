package io.github.vit4j.examples.transfer;

import java.util.Locale;

/**
 * What table 6 of "Three things everyone should know about ViTs" (arXiv 2203.09795) has for a data
 * set: models trained on ImageNet-1k at 224 pixels, then tuned.
 *
 * @param full all weights
 * @param attention attention alone
 * @param ffn feed-forward branches alone
 */
record PaperTransfer(Row full, Row attention, Row ffn) {

  /** Top-1 accuracy in percent. */
  record Row(double small, double base, double large) {}

  /**
   * The row that a run compares with: that of its strategy, or else the one of all weights.
   *
   * @param strategy by its word
   */
  String beside(String strategy) {
    return switch (strategy) {
      case "attention" -> line(attention, "attention alone");
      case "ffn" -> line(ffn, "feed-forward alone");
      default -> line(full, "all weights");
    };
  }

  private static String line(Row row, String tuned) {
    return String.format(
        Locale.ROOT,
        "ViT-S %.1f %%, ViT-B %.1f %%, ViT-L %.1f %%, %s",
        row.small,
        row.base,
        row.large,
        tuned);
  }
}
