package io.github.vit4j.finetune.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.WithManager;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.model.Observe;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.description.ModelDescription;
import io.github.vit4j.zoo.names.NameConverter;
import io.github.vit4j.zoo.names.NameConverters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the given strategies choose, and what they spare. */
class StrategiesTest extends WithManager {

  /** Lists that were made with the reference implementation's models, under its names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "paper_hmlp_bn",
        "paper_hmlp_ln",
        "paper_parallel2_ls",
        "timm_parallel2",
        "timm_plain",
        "timm_wide_parallel2"
      })
  void attentionOnlyTrainsWhatTheReferenceTrains(String name) throws IOException {
    Path file = Path.of("src/test/resources/attention-only", name + ".json");
    ModelDescription reference = ModelDescription.read(file);
    VisionTransformer vit = ViT.of(reference.config());
    NameConverter names =
        reference.family().equals("timm") ? NameConverters.timm() : NameConverters.deitV2();
    FineTuneStrategy strategy = new FreezeAllButAttention();

    List<String> trained =
        new ArrayList<>(
            names
                .map(vit)
                .laidOut(p -> strategy.trains(p) ? new float[Math.toIntExact(p.size())] : null)
                .keySet());

    List<String> expected = new ArrayList<>();
    for (JsonElement path :
        JsonParser.parseString(Files.readString(file))
            .getAsJsonObject()
            .getAsJsonObject("trainable")
            .getAsJsonArray("attn")) {
      expected.add(path.getAsString());
    }
    assertThat(trained).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static ViTBuilder small() {
    return ViT.builder().imageSize(16).patchSize(8).width(16).depth(3).heads(2).classes(4);
  }

  private static Set<String> trained(VisionTransformer vit, FineTuneStrategy strategy) {
    strategy.applyTo(vit);
    return vit.trainable().stream().map(ViTParameter::path).collect(Collectors.toSet());
  }

  @Test
  void theLastBlocksAndWhatFollows() {
    VisionTransformer vit = small().preNorm().build();

    assertThat(trained(vit, new LastBlocks(1)))
        .allMatch(p -> p.startsWith("blocks.2.") || p.startsWith("norm.") || p.startsWith("head."))
        .contains("norm.weight", "head.bias", "blocks.2.ffns.0.mlp.fc1.weight");
    assertThat(trained(vit, new LastBlocks(3))).noneMatch(p -> p.startsWith("norm_pre"));
    assertThatThrownBy(() -> new LastBlocks(4).applyTo(vit))
        .isInstanceOf(BadInputException.class)
        .hasMessage("the model has 3 blocks, so the last 4 cannot be trained");
  }

  @Test
  void nothingToTrainIsRefused() {
    VisionTransformer vit = small().build();
    VisionTransformer headless = ViT.from(vit.config()).noHead().build();
    int before = headless.trainable().size();

    assertThatThrownBy(() -> new LinearProbe().applyTo(headless))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("LinearProbe[] trains nothing of this model");
    assertThat(headless.trainable()).hasSize(before);
  }

  @Test
  void twoStrategiesTogether() {
    VisionTransformer vit = small().build();

    assertThat(trained(vit, new LastBlocks(1).or(new NormOnly())))
        .contains("blocks.0.attns.0.norm.weight", "blocks.2.attns.0.attn.qkv.weight")
        .doesNotContain("blocks.0.attns.0.attn.qkv.weight");
  }

  /** A backward pass cannot start where no graph was recorded. */
  @Test
  void frozenPartsRecordNothing() {
    VisionTransformer vit = small().parallel(2).build();
    vit.initialize(manager);

    new LinearProbe().applyTo(vit);
    assertThat(firstRecorded(vit)).isEqualTo("logits");
    new LastBlocks(1).applyTo(vit);
    assertThat(firstRecorded(vit)).isEqualTo("block 2");
    new LastBlocks(2).applyTo(vit);
    assertThat(firstRecorded(vit)).isEqualTo("block 1");
    new LoRA(2).applyTo(vit);
    assertThat(firstRecorded(vit)).isEqualTo("block 0");
  }

  private String firstRecorded(VisionTransformer vit) {
    for (int block = 0; block < 3; block++) {
      int index = block;
      if (isRecorded(vit, out -> out.tokens(index))) {
        return "block " + block;
      }
    }
    return isRecorded(vit, ViTOutput::pooled)
        ? "pooled"
        : isRecorded(vit, ViTOutput::logits) ? "logits" : "nothing";
  }

  @FunctionalInterface
  private interface Place {
    NDArray in(ViTOutput out);
  }

  private boolean isRecorded(VisionTransformer vit, Place place) {
    try (TrainingStep step = TrainingStep.begin(manager)) {
      NDArray images = step.manager().ones(new Shape(2, 3, 16, 16));
      try (ViTOutput out = vit.observe(images, Observe.tokensAfterEveryBlock())) {
        step.backward(place.in(out).sum());
        return true;
      } catch (EngineException e) {
        assertThat(e).hasMessageContaining("does not require grad");
        return false;
      }
    }
  }
}
