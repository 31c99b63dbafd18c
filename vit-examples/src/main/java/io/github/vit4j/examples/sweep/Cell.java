package io.github.vit4j.examples.sweep;

/**
 * One run of a sweep.
 *
 * @param size of the model
 * @param fraction of the training images that it learns from, above 0 to 1
 * @param epochs how long it learns; an epoch is as many images as there are training images in all,
 *     whatever the fraction
 * @param heldOut whether it is kept apart, to be predicted from the others
 */
record Cell(Size size, double fraction, int epochs, boolean heldOut) {

  /** {@return the name of its folder, such as {@code w64d4-f0.1-e6}} */
  String name() {
    return size.name() + "-f" + Names.brief(fraction) + "-e" + epochs;
  }
}
