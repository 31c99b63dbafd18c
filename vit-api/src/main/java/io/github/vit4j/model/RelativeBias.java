package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;
import io.github.vit4j.config.ViTConfig;

/**
 * BEiT's relative position bias: one learned number a head for each offset between two patches, and
 * three more for class-to-patch, patch-to-class and class-to-class.
 */
final class RelativeBias extends Part {

  private final Parameter table;
  private final long heads;
  private final int height;
  private final int width;

  RelativeBias(ViTConfig config, Role role) {
    heads = config.heads();
    height = config.gridHeight();
    width = config.gridWidth();
    table =
        weight(
            "relative_position_bias_table",
            Parameter.Type.OTHER,
            role,
            new Init.Constant(0),
            config.relativePositions(),
            heads);
  }

  /** The bias (1, H, N, N); {@code x} only says where it is needed. */
  @Override
  NDArray apply(Pass pass, NDArray x) {
    long n = 1L + (long) height * width;
    NDArray given = x.getManager().create(index(), new Shape(n * n));
    // the backward pass reads the index again, when this scope and its Java buffer are long gone
    NDArray index = given.duplicate();
    return index
        .getNDArrayInternal()
        .embedding(index, pass.get(table, x), SparseFormat.DENSE)
        .singletonOrThrow() // (N*N, H)
        .reshape(1, n, n, heads)
        .transpose(0, 3, 1, 2); // (1, N, N, H) -> (1, H, N, N)
  }

  /** Row of the table for each pair (query, key). */
  private long[] index() {
    int patches = height * width;
    int n = patches + 1;
    long special = (2L * height - 1) * (2L * width - 1);
    long[] index = new long[n * n];
    for (int query = 0; query < patches; query++) {
      for (int key = 0; key < patches; key++) {
        long rows = query / width - key / width + height - 1L;
        long columns = query % width - key % width + width - 1L;
        index[(query + 1) * n + key + 1] = rows * (2L * width - 1) + columns;
      }
    }
    for (int i = 0; i < n; i++) {
      index[i] = special; // class to patch
      index[i * n] = special + 1; // patch to class
    }
    index[0] = special + 2; // class to class
    return index;
  }
}
