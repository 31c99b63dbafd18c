package io.github.vit4j.examples.sweep;

/**
 * What trainings of all sizes have in common.
 *
 * @param batch images a step
 * @param rate highest learning rate at one width
 * @param rateAtWidth that width
 * @param ratePower which power of the width rates of others go with: 0 for the same, -1 for half
 *     the rate at twice the width
 */
record Training(int batch, double rate, int rateAtWidth, double ratePower) {

  /** {@return the highest learning rate at a width} */
  double rateOf(int width) {
    return rate * Math.pow((double) width / rateAtWidth, ratePower);
  }
}
