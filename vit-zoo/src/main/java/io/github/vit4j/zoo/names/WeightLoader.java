package io.github.vit4j.zoo.names;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Prefixes;

/** Gives a model the values of a checkpoint. */
public final class WeightLoader {

  private WeightLoader() {}

  /**
   * Loads a checkpoint whose family is recognised by its names.
   *
   * @param model takes the values; its configuration must be that of the file
   * @param checkpoint an open file, which may be closed afterwards
   * @param manager owner of the values, and their device
   * @throws BadInputException if names or shapes do not fit the model
   * @see #load(VisionTransformer, Checkpoint, NameConverter, NDManager)
   */
  public static void load(VisionTransformer model, Checkpoint checkpoint, NDManager manager) {
    load(model, checkpoint, NameConverters.detect(checkpoint), manager);
  }

  /**
   * Loads a checkpoint, without the prefixes of wrappers if its names fit only so (see {@link
   * Prefixes}). All names and shapes are checked before the model is touched. Floats of any width
   * become float32; where file and model agree in type and layout, the file's own pages may serve,
   * unread until they are used.
   *
   * @param model takes the values; its configuration must be that of the file, except that a model
   *     without a head leaves the file's head alone
   * @param checkpoint an open file, which may be closed afterwards
   * @param converter says how the file names its tensors
   * @param manager owner of the values, and their device
   * @throws BadInputException if the file lacks tensors, has others, or has some of another shape:
   *     one message lists them all; or if the values cannot be read, after which the model has none
   */
  public static void load(
      VisionTransformer model, Checkpoint checkpoint, NameConverter converter, NDManager manager) {
    TensorMap map = converter.mapForReading(model);
    Checkpoint fitting = fitting(checkpoint, map);
    Mismatch.refuse(map, fitting, converter);
    try (CheckpointWeights weights = new CheckpointWeights(fitting, map, manager)) {
      model.initialize(manager, weights);
    } catch (RuntimeException e) {
      model.clear();
      throw e;
    }
  }

  /** The file as it is, unless more of the names fit without the prefixes of wrappers. */
  static Checkpoint fitting(Checkpoint checkpoint, TensorMap map) {
    Checkpoint stripped = Prefixes.strip(checkpoint);
    return stripped != checkpoint && found(stripped, map) > found(checkpoint, map)
        ? stripped
        : checkpoint;
  }

  private static long found(Checkpoint checkpoint, TensorMap map) {
    return map.shapes().keySet().stream().filter(n -> checkpoint.find(n).isPresent()).count();
  }
}
