package io.github.vit4j.zoo.names;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import java.util.Optional;

/** What {@link WeightSaver} wrote, brought back from the file alone. */
public final class SavedModel {

  /** Under which key of the metadata a file carries the architecture, as {@link ViTConfig} JSON. */
  public static final String CONFIG = "vit4j.config";

  static final String NAMES = "vit4j.names";

  /** A configuration takes about 1 KB; a file may claim anything. */
  private static final int LONGEST_CONFIG = 1 << 16;

  private SavedModel() {}

  /**
   * {@return the architecture that a file carries, or empty if it carries none}
   *
   * @param checkpoint an open file
   * @throws BadInputException if what it carries is not a possible architecture
   */
  public static Optional<ViTConfig> config(Checkpoint checkpoint) {
    String json = checkpoint.metadata().get(CONFIG);
    if (json == null) {
      return Optional.empty();
    }
    try {
      if (json.length() > LONGEST_CONFIG) {
        throw new BadInputException("it is far too long for a configuration");
      }
      return Optional.of(ViTConfig.fromJson(json));
    } catch (BadInputException e) {
      throw new BadInputException(
          "%s has unusable metadata '%s': %s"
              .formatted(checkpoint.source(), CONFIG, e.getMessage()),
          e);
    }
  }

  /**
   * Builds the model that a file describes and gives it the file's values.
   *
   * @param checkpoint an open file, which may be closed afterwards
   * @param manager owner of the values, and their device
   * @return the model
   * @throws BadInputException if the file carries no architecture, or its tensors do not fit it
   */
  public static VisionTransformer load(Checkpoint checkpoint, NDManager manager) {
    ViTConfig config =
        config(checkpoint)
            .orElseThrow(
                () ->
                    new BadInputException(
                        checkpoint.source()
                            + " does not say which architecture it is for; build the model, then"
                            + " use WeightLoader.load"));
    VisionTransformer model = ViT.of(config);
    WeightLoader.load(model, checkpoint, manager);
    return model;
  }
}
