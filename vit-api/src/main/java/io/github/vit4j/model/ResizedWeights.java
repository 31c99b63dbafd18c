package io.github.vit4j.model;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import java.util.HashMap;
import java.util.Map;

/** A model's values for the same architecture at another image size. */
final class ResizedWeights implements WeightSource {

  private final ViTConfig from;
  private final ViTConfig to;
  private final Map<String, ViTParameter> old = new HashMap<>();

  ResizedWeights(VisionTransformer model, ViTConfig to) {
    from = model.config();
    this.to = to;
    model.namedParameters().forEach(p -> old.put(p.path(), p));
  }

  @Override
  public NDArray values(ViTParameter p, NDManager manager) {
    NDArray values = requireNonNull(old.get(p.path())).array();
    boolean positions = p.path().equals("pos_embed");
    boolean table = p.path().endsWith("relative_position_bias_table");
    float[] resampled;
    if (positions && to.positionEmbedding() == PositionEmbedding.SIN_COS) {
      resampled = SinCosPositions.of(to);
    } else if (positions) {
      resampled =
          GridResampler.resample(
              values.toFloatArray(),
              from.prefixPositions(),
              0,
              new GridResampler.Grid(from.gridHeight(), from.gridWidth()),
              new GridResampler.Grid(to.gridHeight(), to.gridWidth()),
              AxisWeights.ofPositions(to.positionResampling()));
    } else if (table) {
      resampled =
          GridResampler.resample(
              values.toFloatArray(),
              0,
              3,
              new GridResampler.Grid(2 * from.gridHeight() - 1, 2 * from.gridWidth() - 1),
              new GridResampler.Grid(2 * to.gridHeight() - 1, 2 * to.gridWidth() - 1),
              AxisWeights.ofTables(to.positionResampling()));
    } else {
      boolean here = values.getDevice().equals(manager.getDevice());
      NDArray copy = here ? values.duplicate() : values.toDevice(manager.getDevice(), true);
      copy.attach(manager);
      return copy;
    }
    return manager.create(resampled, new Shape(p.shape().getShape()));
  }
}
