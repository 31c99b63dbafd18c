package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ShardedFileTest {

  private static final String GOOD =
      "{'metadata':{'total_size':12,'x':[{}]},'weight_map':{'a':'1.safetensors','b':'2.safetensors',"
          + "'c':'2.safetensors'}}";

  @TempDir Path directory;

  @BeforeEach
  void writeShards() {
    SafeTensors.write(
        directory.resolve("1.safetensors"),
        Map.of("format", "pt"),
        List.of(TensorSource.of("a", List.of(1L), new float[] {1})));
    SafeTensors.write(
        directory.resolve("2.safetensors"),
        Map.of(),
        List.of(
            TensorSource.of("b", List.of(1L), new float[] {2}),
            TensorSource.of("c", List.of(1L), new float[] {3})));
  }

  private Path index(String json) throws IOException {
    Path file = directory.resolve("model.safetensors.index.json");
    return Files.writeString(file, json.replace('\'', '"'));
  }

  @Test
  void isOneFileToItsReader() throws IOException {
    Path index = index(GOOD);
    Checkpoint file = Checkpoints.open(index);
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(file.source()).isEqualTo(index);
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "total_size", "12"));
      assertThat(file.tensors().stream().map(TensorInfo::name)).containsExactly("a", "b", "c");
      assertThat(file.floats("a")).containsExactly(1);
      assertThat(file.array("c", manager).toFloatArray()).containsExactly(3);
      assertThat(file.find("d")).isEmpty();
      assertThatThrownBy(() -> file.bytes("d"))
          .hasMessageStartingWith(index.toString())
          .hasMessageContaining("has no tensor 'd'");
    }
    file.close();
    assertThatThrownBy(() -> file.bytes("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shardsMayBePyTorchFiles() throws IOException {
    Files.copy(Fixtures.file("torch/only.pth"), directory.resolve("pytorch_model-1.bin"));
    String all = "'conv.weight':'pytorch_model-1.bin','conv.bias':'pytorch_model-1.bin'";
    Path index = index("{'weight_map':{'n':'pytorch_model-1.bin'," + all + "}}");
    try (Checkpoint file = Checkpoints.open(index)) {
      assertThat(file.longs("n")).containsExactly(7);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'1.safetensors'  | '3.safetensors'      | names the file '3.safetensors', which is not",
        "'1.safetensors'  | '../1.safetensors'   | only plain names in the same folder",
        "'1.safetensors'  | '/1.safetensors'     | only plain names in the same folder",
        "'1.safetensors'  | 'C:1.safetensors'    | only plain names in the same folder",
        "'1.safetensors'  | '..'                 | only plain names in the same folder",
        "'1.safetensors'  | ''                   | only plain names in the same folder",
        "'1.safetensors'  | '.'                  | only plain names in the same folder",
        "'1.safetensors'  | 'a\\u0000b'          | only plain names in the same folder",
        "'1.safetensors'  | 'model.safetensors.index.json' | which is an index itself",
        "'1.safetensors'  | '2.safetensors'      | tensor 'a' is in '2.safetensors', which does not",
        "'1.safetensors'  | 5                    | names the file '5', which is not",
        "'1.safetensors'  | ['1.safetensors']    | Expected a string",
        "'a'              | 'x'                  | tensor 'x' is in '1.safetensors', which does not",
        "'c':             | 'b':                 | lists the tensor 'b' twice",
        ",'c':'2.safetensors' | ``               | does not say that tensor 'c' is in '2.safetensors'",
        "'weight_map'     | 'weights'            | is JSON, not a checkpoint",
        "'metadata'       | 'weight_map'         | Expected a string",
        "'x'              | 'total_size'         | has the key 'total_size' twice",
        "'metadata'       | 'weight_\u001bmap'  | Unescaped",
        "}}               | }                    | End of input",
        "}}               | }}{}                 | malformed",
        "12               | 012                  | malformed",
      })
  void whatDoesNotHoldIsNamed(String part, String instead, String words) throws IOException {
    assertThat(GOOD).contains(part);
    Path index = index(GOOD.replace(part, instead));
    assertThatThrownBy(() -> Checkpoints.open(index))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(index.toString())
        .hasMessageContaining(words);
  }

  @Test
  void aTensorInTwoFilesIsRefused() throws IOException {
    SafeTensors.write(
        directory.resolve("1.safetensors"),
        Map.of(),
        List.of(
            TensorSource.of("a", List.of(1L), new float[] {1}),
            TensorSource.of("b", List.of(1L), new float[] {1})));
    assertThatThrownBy(() -> Checkpoints.open(index(GOOD)))
        .hasMessageContaining(
            "'b' is in '1.safetensors' but in another file, so it is there twice");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Path index = index("{'x':" + "[".repeat(100_000));
    assertThatThrownBy(() -> Checkpoints.open(index)).isInstanceOf(BadInputException.class);
  }
}
