package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryFilesTest {

  private static String main(String... paths) {
    return RepositoryFiles.among(List.of(paths)).map(RepositoryFiles::main).orElse("none");
  }

  @Test
  void whatCannotRunCodeComesFirst() {
    assertThat(main("pytorch_model.bin", "model.safetensors", "flax_model.msgpack"))
        .isEqualTo("model.safetensors");
    assertThat(main("pytorch_model.bin", "other.safetensors")).isEqualTo("other.safetensors");
    assertThat(main("pytorch_model.bin", "training_args.bin")).isEqualTo("pytorch_model.bin");
    assertThat(main("B_16.npz", "x.pth")).isEqualTo("B_16.npz");
    assertThat(main("README.md", "onnx/model.safetensors")).isEqualTo("none");
  }

  @Test
  void anIndexIsNothingWithoutAllItsShards() {
    String index = "model.safetensors.index.json";
    assertThat(main(index)).isEqualTo("none");
    assertThat(main(index, "model-00001-of-00002.safetensors")).isEqualTo("none");
    assertThat(main(index, "model-00001-of-00001.safetensors")).isEqualTo(index);
    assertThat(main(index, "pytorch_model.bin")).isEqualTo("pytorch_model.bin");
  }

  @Test
  void whateverDescribesTheModelComesBeforeItsWeights() {
    List<String> there =
        List.of("README.md", "model.safetensors", "processor_config.json", "config.json");
    assertThat(HubOrigin.chosen(there))
        .containsExactly("config.json", "processor_config.json", "model.safetensors");
    assertThat(HubOrigin.chosen(List.of("config.json"))).isEmpty();
  }

  @Test
  void shardsComeWithTheirIndex() {
    RepositoryFiles files =
        RepositoryFiles.among(
                List.of(
                    "model-00002-of-00002.safetensors",
                    "model-00001-of-00002.safetensors",
                    "pytorch_model-00001-of-00001.bin",
                    "model.safetensors.index.json"))
            .orElseThrow();
    assertThat(files.main()).isEqualTo("model.safetensors.index.json");
    assertThat(files.shards())
        .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
  }
}
