package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixesTest {

  @TempDir Path directory;

  private Checkpoint file(String... names) {
    Path file = directory.resolve("prefixed.safetensors");
    List<TensorSource> tensors =
        Arrays.stream(names)
            .map(name -> TensorSource.of(name, List.of(1L), new float[] {name.length()}))
            .toList();
    SafeTensors.write(file, Map.of("a", "b"), tensors);
    return SafeTensors.open(file);
  }

  @ParameterizedTest
  @CsvSource({
    "module.a module.b, a b",
    "module.backbone.a module.backbone.b module.head.c, a b head.c",
    "_orig_mod.module.model.encoder.x.y, x.y",
    "backbone.a backbone.b head.c, a b head.c",
    "backbone.a head.c, backbone.a head.c",
    "encoder.a encoder.b a, a encoder.a encoder.b",
    "module.encoder.a module.encoder.b module.a, a encoder.a encoder.b",
    "visual.a visual.b, visual.a visual.b",
    "model.model.model.a, a",
    "modular.a, modular.a",
  })
  void takesAwayWhatMostCarry(String names, String expected) {
    try (Checkpoint stripped = Prefixes.strip(file(names.split(" ")))) {
      assertThat(stripped.tensors().stream().map(TensorInfo::name))
          .containsExactlyInAnyOrder(expected.split(" "));
    }
  }

  @Test
  void isAViewOfTheSameValues() {
    Checkpoint inner = file("module.a", "module.bb");
    assertThat(Prefixes.strip(inner)).isNotSameAs(inner);
    try (Checkpoint stripped = Prefixes.strip(inner);
        NDManager manager = NDManager.newBaseManager()) {
      assertThat(stripped.source()).isEqualTo(inner.source());
      assertThat(stripped.metadata()).isEqualTo(inner.metadata());
      assertThat(stripped.floats("bb")).containsExactly(9);
      assertThat(stripped.array("a", manager).toFloatArray()).containsExactly(8);
      assertThat(stripped.info("a").name()).isEqualTo("a");
      assertThatThrownBy(() -> stripped.bytes("module.a")).hasMessageContaining("has no tensor");
    }
    assertThatThrownBy(() -> inner.bytes("module.a")).isInstanceOf(IllegalStateException.class);
  }
}
