package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;
import io.github.vit4j.compute.RelativePositions;
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
    NDArray given = x.getManager().create(RelativePositions.index(height, width), new Shape(n * n));
    // the backward pass reads the index again, when this scope and its Java buffer are long gone
    NDArray index = given.duplicate();
    return index
        .getNDArrayInternal()
        .embedding(index, pass.get(table, x), SparseFormat.DENSE)
        .singletonOrThrow() // (N*N, H)
        .reshape(1, n, n, heads)
        .transpose(0, 3, 1, 2); // (1, N, N, H) -> (1, H, N, N)
  }
}
