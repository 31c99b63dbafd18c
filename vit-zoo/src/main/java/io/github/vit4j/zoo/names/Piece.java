package io.github.vit4j.zoo.names;

/**
 * A tensor of a file, or one layer of a tensor that holds all layers, which gives one part of a
 * parameter along its first axis.
 *
 * @param tensor its name in the file
 * @param layout how it is laid out there
 * @param layer its index in a tensor that stacks all layers, or -1 if the tensor is its own
 */
record Piece(String tensor, Layout layout, int layer) {

  static Piece whole(String tensor, Layout layout) {
    return new Piece(tensor, layout, -1);
  }

  boolean stacked() {
    return layer >= 0;
  }

  /** Where the piece begins among the numbers of its tensor. */
  int begin() {
    return stacked() ? Math.multiplyExact(layer, layout.size()) : 0;
  }
}
