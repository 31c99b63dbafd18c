package io.github.vit4j.finetune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.optim.Managed;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.SavedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that lie are refused by name before anything is built. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class HostileTaskFileTest {

  private static final String CONFIG = "vit4j.config";

  @TempDir Path folder;
  private ViTModel base;
  private SharedBackbone shared;
  private Path good;
  private Path bad;

  @BeforeEach
  void write() {
    base = Models.base(Models.small());
    shared = SharedBackbone.of(base);
    good = folder.resolve("good.task.safetensors");
    bad = folder.resolve("bad.task.safetensors");
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1)) {
      TaskFile.write(tuned, base, good);
    }
    shared.task("good", good);
  }

  @AfterEach
  void close() {
    shared.close();
    base.close();
  }

  private void refused(String... says) {
    int before = Managed.by(base.djlModel().getNDManager());
    var refusal =
        assertThatThrownBy(() -> shared.task("bad", bad))
            .isInstanceOf(BadInputException.class)
            .hasMessageContaining("bad.task.safetensors");
    for (String text : says) {
      refusal.hasMessageContaining(text);
    }
    assertThat(Managed.by(base.djlModel().getNDManager())).isEqualTo(before);
    assertThat(shared.tasks()).containsExactly("good");
  }

  /** The good file with other metadata; a value of null takes the key away. */
  private void metadata(String key, @Nullable String value) {
    try (Checkpoint file = SafeTensors.open(good)) {
      Map<String, String> metadata = new HashMap<>(file.metadata());
      if (value == null) {
        metadata.remove(key);
      } else {
        metadata.put(key, value);
      }
      SafeTensors.write(bad, metadata, sources(file, ""));
    }
  }

  private void config(UnaryOperator<ViTConfig> lie) {
    try (Checkpoint file = SafeTensors.open(good)) {
      metadata(CONFIG, lie.apply(SavedModel.config(file).orElseThrow()).toJson());
    }
  }

  private static List<TensorSource> sources(Checkpoint file, String without) {
    List<TensorSource> sources = new ArrayList<>();
    for (TensorInfo tensor : file.tensors()) {
      if (!tensor.name().equals(without)) {
        sources.add(TensorSource.of(file, tensor.name()));
      }
    }
    return sources;
  }

  private void replaced(String name, TensorSource... by) {
    try (Checkpoint file = SafeTensors.open(good)) {
      List<TensorSource> sources = sources(file, name);
      sources.addAll(Arrays.asList(by));
      SafeTensors.write(bad, file.metadata(), sources);
    }
  }

  @Test
  void aWholeModelIsNoTask() {
    base.save(bad, TensorType.F32);
    refused("is not a task file", "ViTModel.open");
  }

  @Test
  void aLaterFormIsNamed() {
    metadata("vit4j.task", "lora/2\n");
    refused("form 'lora/2\\u000a'", "newer version");
  }

  @Test
  void missingMetadataIsNamed() {
    for (String key :
        List.of(
            "vit4j.task.name",
            "vit4j.task.base",
            "vit4j.task.base.sha256",
            "vit4j.preprocessing",
            CONFIG)) {
      metadata(key, null);
      refused("lacks '" + key + "'");
    }
  }

  @Test
  void unusableMetadataIsNamed() {
    metadata("vit4j.labels", "[{\"id\":null}]");
    refused("unusable metadata 'vit4j.labels'");
    metadata("vit4j.labels", "[null]");
    refused("unusable metadata 'vit4j.labels'");
    metadata("vit4j.labels", "[]");
    refused("0 labels for 7 classes");
    metadata("vit4j.preprocessing", "{\"height\":32}");
    refused("unusable metadata 'vit4j.preprocessing'");
    metadata(CONFIG, "[".repeat(100_000));
    refused("unusable metadata 'vit4j.config'");
  }

  @Test
  void unusableLowRankBranchesAreNamed() {
    String key = "vit4j.task.low_rank";
    try (ViTModel tuned = Models.tuned(base, 7, p -> false, 1)) {
      new LoRA(2).applyTo(tuned.network());
      TaskFile.write(tuned, base, good);
    }
    metadata(key, null);
    refused("lacks '" + key + "'");
    for (String text :
        List.of(
            "",
            "[]",
            "{}",
            "{\"rank\":\"x\",\"scale\":1,\"layers\":[\"qkv\"]}",
            "{\"rank\":2,\"scale\":1,\"layers\":[\"mlp\"]}",
            "{\"rank\":2,\"scale\":1,\"layers\":\"qkv\"}",
            "{\"rank\":[2],\"scale\":{},\"layers\":[[]]}")) {
      metadata(key, text);
      refused("its low-rank branches are described as");
    }
    metadata(key, "{\"rank\":2000000000,\"scale\":1,\"layers\":[\"qkv\"]}");
    refused("rank 2000000000", "width 32");
    metadata(key, "{\"rank\":2,\"scale\":-1,\"layers\":[\"qkv\"]}");
    refused("positive scale");
    metadata(key, "{\"rank\":2,\"scale\":1,\"layers\":[]}");
    refused("at least one layer");
    metadata(key, "{\"rank\":3,\"scale\":1,\"layers\":[\"qkv\"]}");
    refused("lora_a is [2, 32] but should be [3, 32]");
  }

  @Test
  void theChecksumCannotBeLeftOpen() {
    metadata("vit4j.task.base.sha256", "");
    refused("was tuned from 'base' (SHA-256 '')");
  }

  @Test
  void aLyingArchitectureIsRefused() {
    config(c -> c.withClasses(8));
    refused("7 labels for 8 classes");
    config(c -> c.withImageSize(64, 64));
    refused("prepared as 32 x 32 pixels, but the model takes 64 x 64");
    try (Checkpoint file = SafeTensors.open(good)) {
      String json = SavedModel.config(file).orElseThrow().toJson();
      metadata(CONFIG, json.replace("\"heads\": 2", "\"heads\": 4"));
      refused("heads is 4, the base's 2");
      metadata(CONFIG, json.replace("\"depth\": 2", "\"depth\": 100000000"));
      refused("depth");
      metadata(CONFIG, json.replace("\"headBias\": true", "\"headBias\": false"));
      refused("'head.bias' is no weight of this architecture");
    }
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    replaced("head.bias", TensorSource.of("head.bias", List.of(3L), new float[3]));
    refused("head.bias is [3] but should be [7]");
    replaced("head.bias");
    refused("head.bias [7] is neither here nor in the base");
    replaced("", TensorSource.of("blocks.0.attns.0.attn.lora", List.of(1L), new float[1]));
    refused("'blocks.0.attns.0.attn.lora' is no weight of this architecture");
    TensorInfo whole = new TensorInfo("head.bias", TensorType.I32, List.of(7L));
    replaced("head.bias", new TensorSource(whole, () -> ByteBuffer.allocate(28)));
    refused("head.bias holds I32 but should hold floats");
  }

  @Test
  void aFileCutShortIsRefusedAtEveryLength() throws IOException {
    byte[] bytes = Files.readAllBytes(good);
    for (int length = 0; length < bytes.length; length += 1 + bytes.length / 40) {
      Files.write(bad, Arrays.copyOf(bytes, length));
      refused();
    }
  }
}
