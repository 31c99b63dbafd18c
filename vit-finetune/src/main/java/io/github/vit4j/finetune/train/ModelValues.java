package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Carries values from one model to another. They are copies in the engine's own memory, so that
 * where they came from makes no difference to a single bit.
 */
public final class ModelValues {

  private ModelValues() {}

  /**
   * Refuses models that cannot be trained further.
   *
   * @param network where training would start
   * @throws BadInputException if it does not read colours, or has low-rank branches beside its
   *     weights
   */
  public static void requireTrainable(VisionTransformer network) {
    if (network.config().channels() != 3) {
      throw new BadInputException(
          "the model reads %d channels, but images have 3; choose another model"
              .formatted(network.config().channels()));
    }
    if (network.lowRank().unmerged().isPresent()) {
      throw new BadInputException(
          "the model has low-rank branches of an earlier training; lowRank().merge() them first");
    }
  }

  /**
   * {@return the values of a model by path, positions resampled if the image size is another}
   *
   * @param from the model; the values stay its own where the size is the same
   * @param height of the images in pixels
   * @param width of the images in pixels
   * @param scope owns resampled values
   */
  public static Map<String, NDArray> of(
      VisionTransformer from, int height, int width, NDManager scope) {
    boolean same = from.config().imageHeight() == height && from.config().imageWidth() == width;
    VisionTransformer sized = same ? from : from.resizedTo(scope, height, width);
    Map<String, NDArray> values = new LinkedHashMap<>();
    sized.namedParameters().forEach(p -> values.put(p.path(), p.array()));
    return values;
  }

  /**
   * Gives a model copies of values, and draws from its seed what is not among them.
   *
   * @param to the model
   * @param manager owner of its values
   * @param values by path; those of paths that the model does not have are left out
   */
  public static void fill(VisionTransformer to, NDManager manager, Map<String, NDArray> values) {
    to.initialize(
        manager,
        (p, owner) -> {
          NDArray value = values.get(p.path());
          return value == null ? drawn(p, owner) : duplicate(value, owner);
        });
  }

  private static NDArray drawn(ViTParameter p, NDManager owner) {
    try (NDArray drawn =
        p.parameter().getInitializer().initialize(owner, p.shape(), DataType.FLOAT32)) {
      return duplicate(drawn, owner);
    }
  }

  private static NDArray duplicate(NDArray value, NDManager owner) {
    try (NDArray alias = value.stopGradient()) {
      NDArray copy = alias.duplicate();
      copy.attach(owner);
      return copy;
    }
  }
}
