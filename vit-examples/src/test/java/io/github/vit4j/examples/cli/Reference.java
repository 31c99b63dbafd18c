package io.github.vit4j.examples.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder as {@code vit verify} takes it, right or off by a known amount. */
final class Reference {

  private static final String CONFIG =
      """
      {"img_size": 16, "patch_size": 8, "embed_dim": 16, "depth": 1, "num_heads": 2, "num_classes": 6}
      """;

  private Reference() {}

  static void write(Scene scene, Path folder, float off) throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.copy(scene.model().resolve("model.safetensors"), folder.resolve("weights.safetensors"));
    try (ViTModel model = ViTModel.open(scene.model());
        NDManager manager = NDManager.newBaseManager()) {
      NDArray input = manager.randomNormal(model.network().inputShape());
      try (ViTOutput out = model.network().observe(input)) {
        float[] logits = out.logits().toFloatArray();
        logits[2] += off;
        SafeTensors.write(
            folder.resolve("io.safetensors"),
            Map.of(),
            List.of(
                TensorSource.of("input", List.of(1L, 3L, 16L, 16L), input.toFloatArray()),
                TensorSource.of("logits", List.of(1L, 6L), logits)));
      }
    }
  }
}
