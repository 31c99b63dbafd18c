package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.error.BadInputException;
import java.util.Optional;

/**
 * The pixels of the hidden patches, the simple baseline.
 *
 * @param perPatch whether a patch's own mean and deviation are taken away, as in MAE (He et al.
 *     2021), which asks for texture rather than for brightness
 * @param absolute whether the mean absolute difference is minimised, as in SimMIM (Xie et al.
 *     2021), instead of the mean square
 */
public record PixelTarget(boolean perPatch, boolean absolute) implements Target {

  /** MAE's: normalised per patch, mean square. */
  public static final PixelTarget MAE = new PixelTarget(true, false);

  /** SimMIM's: as the model sees them, mean absolute difference. */
  public static final PixelTarget SIMMIM = new PixelTarget(false, true);

  private static final double EPS = 1e-6; // in mae's models_mae.py

  @Override
  public int outputs(int patchSize) {
    return 3 * patchSize * patchSize;
  }

  @Override
  public void requireFit(PatchView view) {
    if (perPatch && view.patchSize() == 1) {
      throw new BadInputException(
          "a patch of one pixel has no texture to predict; use larger patches, or pixels that are not normalised per patch");
    }
  }

  @Override
  public NDArray aims(PatchImages images, long... hidden) {
    NDArray rows = PatchImages.rows(images.patches(images.pixels()), hidden);
    return perPatch ? rows.sub(mean(rows)).div(deviation(rows)) : rows;
  }

  private static NDArray mean(NDArray rows) {
    return rows.mean(new int[] {1}, true);
  }

  /** The root of the unbiased variance. */
  private static NDArray deviation(NDArray rows) {
    long n = rows.getShape().get(1);
    NDArray squares = rows.sub(mean(rows)).square().mean(new int[] {1}, true);
    return Scalars.times(squares, n / (n - 1.0)).add((float) EPS).sqrt();
  }

  @Override
  public NDArray loss(NDArray predicted, NDArray aims) {
    NDArray difference = predicted.sub(aims);
    return absolute ? difference.abs().mean() : difference.square().mean();
  }

  /** Normalised patches get the true patch's mean and deviation, as in MAE's own pictures. */
  @Override
  public Optional<NDArray> paint(PatchImages images, long[] hidden, NDArray predicted) {
    NDArray pixels = predicted;
    if (perPatch) {
      NDArray rows = PatchImages.rows(images.patches(images.pixels()), hidden);
      pixels = predicted.mul(deviation(rows)).add(mean(rows));
    }
    int values = images.view().values() / 3;
    NDArray grid = pixels.reshape(hidden.length, 3, values, 1); // as an image of one column
    return Optional.of(
        new PatchImages(grid, images.view()).colours().reshape(hidden.length, 3L * values));
  }

  @Override
  public String identity() {
    return toString();
  }
}
