package io.github.vit4j.zoo.names;

import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the numbers of a tensor in a file are ordered against those of a parameter: the parameter is
 * seen with finer axes (its heads apart), and the file has these axes in another order.
 */
final class Layout {

  private final long[] view;
  private final int[] order;

  private Layout(long[] view, int... order) {
    this.view = view;
    this.order = order;
  }

  /** The same shape and order. */
  static Layout same(long... shape) {
    int[] order = new int[shape.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return new Layout(shape, order);
  }

  /** A convolution: ours (out, in, height, width), Flax (height, width, in, out). */
  static Layout convolution(long... shape) {
    return new Layout(shape, 2, 3, 1, 0);
  }

  /** A linear layer: ours (out, in), Flax (in, out). */
  static Layout dense(long out, long in) {
    return new Layout(new long[] {out, in}, 1, 0);
  }

  /** A projection to heads: ours (heads x d, in), Flax (in, heads, d). */
  static Layout toHeads(long heads, long headWidth, long in) {
    return new Layout(new long[] {heads, headWidth, in}, 2, 0, 1);
  }

  /** The bias of a projection to heads: ours (heads x d), Flax (heads, d). */
  static Layout headBias(long heads, long headWidth) {
    return same(heads, headWidth);
  }

  /** The projection that joins heads: ours (out, heads x d), Flax (heads, d, out). */
  static Layout fromHeads(long out, long heads, long headWidth) {
    return new Layout(new long[] {out, heads, headWidth}, 1, 2, 0);
  }

  List<Long> fileShape() {
    List<Long> shape = new ArrayList<>();
    for (int axis : order) {
      shape.add(view[axis]);
    }
    return shape;
  }

  /** Length of the parameter's first axis. */
  int firstAxis() {
    return Math.toIntExact(view[0]);
  }

  int size() {
    long size = 1;
    for (long axis : view) {
      size *= axis;
    }
    if (size > Integer.MAX_VALUE) {
      throw new BadInputException(
          "a parameter of shape %s has more numbers than an array can hold; make the model narrower"
              .formatted(Arrays.toString(view)));
    }
    return (int) size;
  }

  /** Whether the numbers stand in the same order in both. */
  boolean sameOrder() {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  void toModel(float[] file, int fileBegin, float[] model, int modelBegin) {
    copy(file, fileBegin, model, modelBegin, true);
  }

  void toFile(float[] model, int modelBegin, float[] file, int fileBegin) {
    copy(file, fileBegin, model, modelBegin, false);
  }

  private void copy(float[] file, int fileBegin, float[] model, int modelBegin, boolean toModel) {
    if (size() == 0) {
      return;
    }
    if (sameOrder()) {
      if (toModel) {
        System.arraycopy(file, fileBegin, model, modelBegin, size());
      } else {
        System.arraycopy(model, modelBegin, file, fileBegin, size());
      }
      return;
    }
    int axes = order.length;
    int[] strides = fileOrderedStrides();
    int last = (int) view[order[axes - 1]];
    int step = strides[axes - 1];
    int[] index = new int[axes];
    int at = modelBegin;
    for (int f = fileBegin; f < fileBegin + size(); f += last) {
      for (int k = 0, m = at; k < last; k++, m += step) {
        if (toModel) {
          model[m] = file[f + k];
        } else {
          file[f + k] = model[m];
        }
      }
      // the place in the model moves as an odometer does, last axis of the file first
      for (int axis = axes - 2; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < view[order[axis]]) {
          break;
        }
        at -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
  }

  /** How far apart neighbours along each axis of the file lie in the model. */
  private int[] fileOrderedStrides() {
    int[] strides = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      long stride = 1;
      for (int axis = order[i] + 1; axis < view.length; axis++) {
        stride *= view[axis];
      }
      strides[i] = Math.toIntExact(stride);
    }
    return strides;
  }
}
