package io.github.vit4j.zoo.names;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a family calls a parameter, and how it lays it out: a row of a dictionary. */
@FunctionalInterface
interface Word {

  /**
   * @param owner what the tensor's name begins with
   * @param leaf {@code .weight} or {@code .bias} where the word stands for a module, else empty
   * @param shape the parameter's
   */
  List<Piece> pieces(String owner, String leaf, long[] shape);

  /** Another name, nothing else. */
  static Word named(String name) {
    return (owner, leaf, shape) -> List.of(Piece.whole(owner + name + leaf, Layout.same(shape)));
  }

  /** Without the axes of one that ours begins with: (1, 1, D) is (D) there. */
  static Word flat(String name) {
    return (owner, leaf, shape) -> {
      int ones = 0;
      while (shape[ones] == 1 && ones < shape.length - 1) {
        ones++;
      }
      long[] rest = Arrays.copyOfRange(shape, ones, shape.length);
      return List.of(Piece.whole(owner + name + leaf, Layout.same(rest)));
    };
  }

  /** A linear layer that is applied from the other side: (in, out) there. */
  static Word transposed(String name) {
    return (owner, leaf, shape) ->
        List.of(Piece.whole(owner + name + leaf, Layout.dense(shape[0], shape[1])));
  }

  /** Equal parts that are tensors of their own there, such as queries, keys and values. */
  static Word split(String... names) {
    return (owner, leaf, shape) -> {
      long[] part = shape.clone();
      part[0] /= names.length;
      List<Piece> pieces = new ArrayList<>();
      for (String name : names) {
        pieces.add(Piece.whole(owner + name + leaf, Layout.same(part)));
      }
      return pieces;
    };
  }

  /**
   * A part of a tensor that packs queries, keys and values, as PyTorch's multi-head attention does;
   * its name ends with {@code _weight} or {@code _bias}.
   *
   * @param name the tensor's, without that end
   * @param first which of the three comes first
   * @param count how many of the three
   */
  static Word packed(String name, int first, int count) {
    return (owner, leaf, shape) -> {
      int one = Math.toIntExact(shape[0]) / count;
      String tensor = owner + name + leaf.replace('.', '_');
      return List.of(Piece.packed(tensor, Layout.same(shape), first * one, 3 * one));
    };
  }
}
