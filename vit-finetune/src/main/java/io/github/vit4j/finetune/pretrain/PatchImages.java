package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import io.github.vit4j.compute.Scalars;
import java.util.List;

/** Whole images of a batch, as targets look at them. All arrays belong to the pixels' manager. */
public final class PatchImages {

  private final NDArray pixels;
  private final PatchView view;

  /**
   * Looks at images.
   *
   * @param pixels (B, 3, H, W), normalised as the view says
   * @param view how the model sees them
   */
  public PatchImages(NDArray pixels, PatchView view) {
    this.pixels = pixels;
    this.view = view;
  }

  /** {@return how the model sees them} */
  public PatchView view() {
    return view;
  }

  /** {@return how many there are} */
  public int count() {
    return Math.toIntExact(pixels.getShape().get(0));
  }

  /** {@return the pixels as the model gets them, (B, 3, H, W)} */
  public NDArray pixels() {
    return pixels;
  }

  /** {@return the colours from 0 to 1, (B, 3, H, W)} */
  public NDArray colours() {
    return pixels
        .mul(channels(view.preprocessing().std()))
        .add(channels(view.preprocessing().mean()));
  }

  private NDArray channels(List<Double> values) {
    float[] three = new float[3];
    for (int i = 0; i < three.length; i++) {
      three[i] = values.get(i).floatValue();
    }
    return own(pixels.getManager().create(three, new Shape(1, 3, 1, 1)));
  }

  /**
   * {@return images cut into patches, (B * N, 3 * patch * patch), channel by channel}
   *
   * @param images (B, 3, H, W)
   */
  public NDArray patches(NDArray images) {
    long p = view.patchSize();
    return images
        .reshape(count(), 3, view.rows(), p, view.columns(), p)
        .transpose(0, 2, 4, 1, 3, 5) // (B, h, w, 3, p, p)
        .reshape((long) count() * view.patches(), view.values());
  }

  /**
   * {@return some rows of a table, (M, d)}
   *
   * @param table (n, d), of floats
   * @param rows their indices
   */
  public static NDArray rows(NDArray table, long... rows) {
    NDArray index = own(table.getManager().create(rows));
    return index.getNDArrayInternal().embedding(index, table, SparseFormat.DENSE).get(0);
  }

  /** In the engine's memory, not in a Java buffer that may be gone when it is read. */
  static NDArray own(NDArray given) {
    try (given) {
      return given.duplicate();
    }
  }

  /** The squared length of each row, (n, d) -> (n). */
  static NDArray squares(NDArray table) {
    return table.square().sum(new int[] {1});
  }

  /** The index of the nearest of some centres for each row, (n). */
  static long[] nearest(NDArray rows, NDArray centres, NDArray centreSquares) {
    try (NDManager scope = rows.getManager().newSubManager()) {
      NDArray mine = rows.reshape(rows.getShape());
      mine.attach(scope);
      NDArray distances = Scalars.times(mine.matMul(centres.transpose()), -2).add(centreSquares);
      return distances.argMin(1).toLongArray();
    }
  }
}
