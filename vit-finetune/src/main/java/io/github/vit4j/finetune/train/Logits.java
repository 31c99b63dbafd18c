package io.github.vit4j.finetune.train;

/** Arithmetic on one image's logits. */
final class Logits {

  private Logits() {}

  /** The class of the largest; the lower one of equals. */
  static int best(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  static double crossEntropy(float[] row, int label) {
    double max = row[best(row)];
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - max);
    }
    return Math.log(sum) + max - row[label];
  }
}
