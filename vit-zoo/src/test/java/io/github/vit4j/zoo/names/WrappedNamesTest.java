package io.github.vit4j.zoo.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrappedNamesTest {

  @TempDir Path directory;

  private Path wrapped(Checkpoint weights, String prefix) {
    Path file = directory.resolve("wrapped.safetensors");
    List<TensorSource> tensors =
        weights.tensors().stream()
            .map(
                t ->
                    new TensorSource(
                        new TensorInfo(prefix + t.name(), t.type(), t.shape()),
                        () -> weights.bytes(t.name())))
            .toList();
    SafeTensors.write(file, Map.of(), tensors);
    return file;
  }

  @Test
  void aWrappedFileLoadsAsItsOriginal() {
    for (String name : List.of("timm_plain", "deit_distilled", "beit_relpos")) {
      try (NDManager manager = NDManager.newBaseManager();
          Checkpoint weights = Cases.weights(name);
          Checkpoint wrapped = Checkpoints.open(wrapped(weights, "module.backbone."))) {
        assertThat(NameConverters.detect(wrapped).family())
            .isEqualTo(NameConverters.detect(weights).family());
        VisionTransformer one = Cases.model(name);
        VisionTransformer other = Cases.model(name);
        WeightLoader.load(one, weights, manager);
        WeightLoader.load(other, wrapped, manager);
        for (ViTParameter parameter : one.namedParameters()) {
          ViTParameter twin =
              other.namedParameters().stream()
                  .filter(p -> p.path().equals(parameter.path()))
                  .findFirst()
                  .orElseThrow();
          assertThat(twin.array()).isEqualTo(parameter.array());
        }
      }
    }
  }

  @Test
  void namesThatFitNothingAreShownAsTheyAre() {
    try (Checkpoint weights = Cases.weights("timm_plain");
        Checkpoint wrapped = Checkpoints.open(wrapped(weights, "module.tower."))) {
      assertThatThrownBy(() -> NameConverters.detect(wrapped))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("module.tower.")
          .hasMessageContaining("prefixes other than");
    }
  }

  @Test
  void familiesAreFoundByName() {
    for (String family : NameConverters.families()) {
      assertThat(NameConverters.named(family).family()).isEqualTo(family);
    }
    assertThat(NameConverters.families()).contains("timm", "deit_v2", "beit", "flax");
    assertThatThrownBy(() -> NameConverters.named("caffe"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'caffe'; known are timm");
  }
}
