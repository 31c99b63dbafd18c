package io.github.vit4j.zoo.names;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightLoaderTest {

  /** Ten times the largest difference that two versions of the engine gave. */
  private static final float TOLERANCE = 5e-6f;

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
}
