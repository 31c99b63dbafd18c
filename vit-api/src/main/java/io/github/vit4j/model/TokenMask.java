package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;
import io.github.vit4j.error.BadInputException;

/** Which patches of a batch are hidden, and the token that stands where they were. */
final class TokenMask {

  private final Parameter token;
  private final long[] visible;
  private final long[] masked;
  private final long[] source;

  /**
   * @param mask (B, N), true where a patch is hidden
   * @throws BadInputException if the shape is another, an image has no hidden patch, or no other
   */
  static TokenMask of(NDArray mask, long images, long patches, Parameter token) {
    if (mask.getDataType() != DataType.BOOLEAN
        || !mask.getShape().equals(new Shape(images, patches))) {
      throw new BadInputException(
          "a mask of shape %s and type %s does not fit %d images of %d patches; give booleans of shape (%d, %d)"
              .formatted(mask.getShape(), mask.getDataType(), images, patches, images, patches));
    }
    boolean[] hidden = mask.toBooleanArray();
    int n = Math.toIntExact(patches);
    for (int image = 0; image < images; image++) {
      int count = 0;
      for (int i = image * n; i < (image + 1) * n; i++) {
        count += hidden[i] ? 1 : 0;
      }
      if (count == 0 || count == n) {
        throw new BadInputException(
            "%d of the %d patches of image %d are masked; there must be at least one that is and one that is not"
                .formatted(count, n, image));
      }
    }
    return new TokenMask(hidden, token);
  }

  private TokenMask(boolean[] hidden, Parameter token) {
    this.token = token;
    int count = 0;
    for (boolean one : hidden) {
      count += one ? 1 : 0;
    }
    masked = new long[count];
    visible = new long[hidden.length - count];
    source = new long[hidden.length];
    for (int i = 0, m = 0, v = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        source[i] = visible.length; // the mask token stands behind the visible ones
        masked[m++] = i;
      } else {
        source[i] = v;
        visible[v++] = i;
      }
    }
  }

  /**
   * The stem's tokens (B, N, D), the mask token in place of hidden patches.
   *
   * <p>Where no layer of the stem sees two patches at once, the stem never reads the hidden ones,
   * so that BatchNorm's statistics are those of the visible ones alone.
   */
  NDArray tokens(Pass pass, PatchStem stem, NDArray images) {
    long batch = images.getShape().get(0);
    long patches = source.length / batch;
    NDArray seen =
        stem.keepsPatchesApart()
            ? stem.tokens(pass, rows(stem.patches(images), visible))
            : rows(flat(stem.apply(pass, images)), visible); // (V, D)
    long width = seen.getShape().get(1);
    NDArray table = seen.concat(pass.view(token, images).reshape(1, width), 0); // (V + 1, D)
    return rows(table, source).reshape(batch, patches, width);
  }

  /** Whether the mask token takes a gradient. */
  boolean learns() {
    return token.requiresGradient();
  }

  /** The rows of hidden patches, (B, N, D) -> (M, D). */
  NDArray masked(NDArray patches) {
    return rows(flat(patches), masked);
  }

  private static NDArray flat(NDArray patches) {
    Shape shape = patches.getShape();
    return patches.reshape(shape.get(0) * shape.get(1), shape.get(2)); // (B, N, D) -> (B * N, D)
  }

  private static NDArray rows(NDArray table, long[] index) {
    NDManager manager = table.getManager();
    try (NDArray given = manager.create(index)) {
      // the backward pass reads the index again, when the Java buffer is long gone
      NDArray kept = given.duplicate();
      return kept.getNDArrayInternal()
          .embedding(kept, table, SparseFormat.DENSE)
          .singletonOrThrow(); // (n, D)
    }
  }
}
