package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that PyTorch wrote, held against what PyTorch says is in them; see torch_files.py. */
class TorchFileTest {

  private static JsonObject expected() throws IOException {
    return JsonParser.parseString(Files.readString(Fixtures.file("torch/expected.json")))
        .getAsJsonObject();
  }

  private static Stream<Arguments> files(boolean refused) throws IOException {
    return expected().entrySet().stream()
        .filter(e -> e.getValue().getAsJsonObject().has("refused") == refused)
        .map(e -> Arguments.of(e.getKey(), e.getValue().getAsJsonObject()));
  }

  static Stream<Arguments> readable() throws IOException {
    return files(false);
  }

  static Stream<Arguments> refused() throws IOException {
    return files(true);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void holdsWhatPyTorchPutIn(String name, JsonObject expected) {
    JsonObject tensors = expected.getAsJsonObject("tensors");
    try (TorchFile file = TorchFile.open(Fixtures.file("torch/" + name))) {
      assertThat(file.selected()).isEqualTo(expected.get("selected").getAsString());
      assertThat(file.tensors().stream().map(TensorInfo::name))
          .containsExactlyInAnyOrderElementsOf(tensors.keySet());
      for (Map.Entry<String, JsonElement> tensor : tensors.entrySet()) {
        JsonArray facts = tensor.getValue().getAsJsonArray();
        TensorInfo info = file.info(tensor.getKey());
        assertThat(info.type().name()).as(info.name()).isEqualTo(facts.get(0).getAsString());
        List<Long> shape =
            facts.get(1).getAsJsonArray().asList().stream().map(JsonElement::getAsLong).toList();
        assertThat(info.shape()).as(info.name()).isEqualTo(shape);
        assertThat(hex(file.bytes(info.name())))
            .as(info.name())
            .isEqualTo(facts.get(2).getAsString());
      }
    }
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesByName(String name, JsonObject expected) {
    Path file = Fixtures.file("torch/" + name);
    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected.get("refused").getAsString());
    assertThat(Path.of("harmed")).doesNotExist();
  }

  @Test
  void selectsAnotherDictionary() {
    try (TorchFile file = TorchFile.open(Fixtures.file("torch/deit.pth"))) {
      assertThat(file.selectable()).containsExactly("model_ema", "model");
      TorchFile other = file.select("model_ema");
      assertThat(other.selected()).isEqualTo("model_ema");
      assertThat(other.longs("n")).containsExactly(14);
      assertThat(file.longs("n")).containsExactly(7);
      assertThatThrownBy(() -> file.select("teacher"))
          .hasMessageContaining("nothing under the key 'teacher'")
          .hasMessageContaining("['model_ema', 'model']");
      assertThatThrownBy(() -> file.select("args")).hasMessageContaining("argparse.Namespace");
      assertThatThrownBy(() -> file.select("optimizer")).hasMessageContaining("no tensors under");
      other.close();
      assertThatThrownBy(() -> file.bytes("n")).isInstanceOf(IllegalStateException.class);
    }
    try (TorchFile file = TorchFile.open(Fixtures.file("torch/two.pth"), "second")) {
      assertThat(file.longs("n")).containsExactly(14);
    }
    try (TorchFile file = TorchFile.open(Fixtures.file("torch/lightning.pth"))) {
      assertThat(file.selectable()).containsExactly("state_dict/model");
      assertThat(file.select("state_dict/model").longs("n")).containsExactly(14);
    }
  }

  @Test
  void plainValuesBesideTheTensorsAreMetadata() {
    try (Checkpoint file = TorchFile.open(Fixtures.file("torch/deit.pth"))) {
      assertThat(file.metadata())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "epoch", "3",
                  "lr", "0.5",
                  "done", "true",
                  "arch", "tiny",
                  "big", "1208925819614629174706176"));
    }
  }

  @Test
  void isOpenedByContent() {
    for (String name : List.of("deit.pth", "deit_legacy.pth")) {
      try (Checkpoint file = Checkpoints.open(Fixtures.file("torch/" + name))) {
        assertThat(file).isInstanceOf(TorchFile.class);
        assertThat(Objects.requireNonNull(file.floats("conv.weight"))).hasSize(6);
      }
    }
  }
}
