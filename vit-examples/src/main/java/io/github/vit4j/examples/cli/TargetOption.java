package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.NamedPath;
import io.github.vit4j.examples.command.RegistryChoice;
import io.github.vit4j.finetune.pretrain.Codebook;
import io.github.vit4j.finetune.pretrain.CodebookTarget;
import io.github.vit4j.finetune.pretrain.DalleTarget;
import io.github.vit4j.finetune.pretrain.FeatureVectors;
import io.github.vit4j.finetune.pretrain.PixelTarget;
import io.github.vit4j.finetune.pretrain.Target;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A target by the word that the command line has for it, and what has to be closed after it.
 *
 * @param target what hidden patches are asked for
 * @param owned closed with it
 */
record TargetOption(Target target, @Nullable AutoCloseable owned) implements AutoCloseable {

  static final String PIXELS = "pixels";

  private static final String CODEBOOK = "codebook:";
  private static final String DALLE = "dalle:";

  /**
   * Parses the word.
   *
   * @param features where the model is that a codebook of features was made with, or null
   * @param model that is pre-trained
   */
  static TargetOption parse(String text, @Nullable String features, ViTModel model) {
    if (features != null && !text.startsWith(CODEBOOK)) {
      throw new BadInputException(
          "--feature-model means nothing without --target codebook:FILE; leave it out");
    }
    if (text.startsWith(DALLE)) {
      Path file = Path.of(text.substring(DALLE.length()));
      DalleTarget target = DalleTarget.open(file, model.djlModel().getNDManager().getDevice(), 0);
      return new TargetOption(target, target);
    }
    if (text.startsWith(CODEBOOK)) {
      Codebook codebook = Codebook.open(Path.of(text.substring(CODEBOOK.length())));
      return features == null
          ? new TargetOption(new CodebookTarget(codebook), null)
          : ofFeatures(codebook, features, model);
    }
    return switch (text) {
      case PIXELS -> new TargetOption(PixelTarget.MAE, null);
      case "simmim" -> new TargetOption(PixelTarget.SIMMIM, null);
      default ->
          throw new BadInputException(
              "there is no target '"
                  + text
                  + "'; choose pixels, simmim, codebook:FILE or dalle:FILE");
    };
  }

  private static TargetOption ofFeatures(Codebook codebook, String name, ViTModel model) {
    ViTModelLoader loader =
        NamedPath.existing(name)
            .map(ViTModel::at)
            .orElseGet(() -> new RegistryChoice().named(name));
    ViTModel features = loader.resolution(model.preprocessing().height()).load();
    try {
      return new TargetOption(new CodebookTarget(codebook, new FeatureVectors(features)), features);
    } catch (RuntimeException e) {
      features.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (owned instanceof DalleTarget dalle) {
      dalle.close();
    } else if (owned instanceof ViTModel features) {
      features.close();
    }
  }
}
