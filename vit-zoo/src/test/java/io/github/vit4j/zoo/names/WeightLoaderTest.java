package io.github.vit4j.zoo.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightLoaderTest {

  /** Ten times the largest difference that two versions of the engine gave. */
  private static final float TOLERANCE = 5e-6f;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.github.vit4j.zoo.names.Cases#all")
  void loadedModelsGiveTheReferencesLogits(String name) {
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint weights = Cases.weights(name);
        Checkpoint io = SafeTensors.open(Cases.file(name, "io.safetensors"))) {
      VisionTransformer model = Cases.model(name);
      WeightLoader.load(model, weights, manager);
      try (ViTOutput output = model.observe(io.array("input", manager))) {
        NDArray expected = io.array("logits", manager);
        float largest = expected.abs().max().getFloat();
        float error = output.logits().sub(expected).abs().max().getFloat();
        assertThat(error / largest).as("relative error").isLessThan(TOLERANCE);
      }
    }
  }

  /** As the zoo's CLIP from its authors' file: timm's model has a bias that the file lacks. */
  @ParameterizedTest
  @ValueSource(strings = {"clip", "transformers_clip"})
  void aBareProjectionIsAHeadWhoseBiasIsZero(String family) {
    NameConverter names = NameConverters.named(family);
    ViTConfig bare =
        Models.tiny().preNorm().finalNorm(FinalNorm.AFTER_POOL).headBias(false).config();
    VisionTransformer model = ViT.of(ViT.from(bare).headBias(true).config());
    Path file = folder.resolve("clip.safetensors");
    Path timm = folder.resolve("timm.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      WeightSaver.save(Models.distinct(bare, manager), file, Map.of(), names, TensorType.F32);
      try (Checkpoint weights = SafeTensors.open(file)) {
        WeightLoader.load(model, weights, manager);
        WeightRenamer.convert(weights, model, NameConverters.timm(), timm, null);
      }
      try (Checkpoint renamed = SafeTensors.open(timm)) {
        assertThat(values(model, "head.bias")).hasSize(5).containsOnly(0);
        assertThat(renamed.floats("head.bias")).hasSize(5).containsOnly(0);
        assertThat(renamed.floats("head.weight")).containsExactly(values(model, "head.weight"));
      }
      assertThatThrownBy(() -> WeightSaver.save(model, file, Map.of(), names, TensorType.F32))
          .as("a bias that a file could not hold")
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("such as head.bias");
    }
  }

  private static float[] values(VisionTransformer model, String path) {
    return model.namedParameters().stream()
        .filter(parameter -> parameter.path().equals(path))
        .findFirst()
        .orElseThrow()
        .array()
        .toFloatArray();
  }
}
