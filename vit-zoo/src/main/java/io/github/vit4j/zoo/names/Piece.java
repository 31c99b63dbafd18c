package io.github.vit4j.zoo.names;

import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a file, or a part of one, which gives one part of a parameter along its first axis.
 *
 * @param tensor its name in the file; empty where there is none and all numbers are zero
 * @param layout how it is laid out there
 * @param layer its index in a tensor that stacks all layers, or -1
 * @param firstRow where it begins along the first axis of a tensor that packs several
 * @param rows length of that axis, or 0 where nothing is packed
 */
record Piece(String tensor, Layout layout, int layer, int firstRow, int rows) {

  static Piece whole(String tensor, Layout layout) {
    return new Piece(tensor, layout, -1, 0, 0);
  }

  /** One layer of a tensor that holds all layers, or a tensor of its own if the layer is -1. */
  static Piece layer(String tensor, Layout layout, int layer) {
    return new Piece(tensor, layout, layer, 0, 0);
  }

  /** Some rows of a tensor that several parameters share; the layout keeps the order. */
  static Piece packed(String tensor, Layout layout, int firstRow, int rows) {
    return new Piece(tensor, layout, -1, firstRow, rows);
  }

  /** What files of a family leave out, because it is zero in whatever they describe. */
  static Piece zeros(Layout layout) {
    return new Piece("", layout, -1, 0, 0);
  }

  boolean isZeros() {
    return tensor.isEmpty();
  }

  boolean stacked() {
    return layer >= 0;
  }

  /** Where the piece begins among the numbers of its tensor. */
  int begin() {
    if (stacked()) {
      return Math.multiplyExact(layer, layout.size());
    }
    return firstRow == 0 ? 0 : Math.multiplyExact(firstRow, layout.size() / layout.firstAxis());
  }

  /**
   * {@return the shape of its tensor}
   *
   * @param uses how many parameters' pieces are in it
   */
  List<Long> tensorShape(int uses) {
    List<Long> shape = new ArrayList<>(layout.fileShape());
    if (stacked()) {
      shape.add(0, (long) uses);
    } else if (rows > 0) {
      shape.set(0, (long) rows);
    }
    return shape;
  }
}
