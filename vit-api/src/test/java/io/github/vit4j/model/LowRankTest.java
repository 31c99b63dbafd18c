package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Low-rank branches beside the attention's products, within the weights, and gone. */
class LowRankTest extends WithManager {

  private static final Set<LowRank.Layer> BOTH = EnumSet.allOf(LowRank.Layer.class);
  private static final int RANK = 3;
  private static final double SCALE = 1.5;

  private VisionTransformer initialized(ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    model.initialize(manager);
    return model;
  }

  /** As if trained: random values in A and B. */
  private void train(VisionTransformer model) {
    for (ViTParameter p : model.namedParameters()) {
      if (p.role() == Role.ADAPTER) {
        NDArray values = Images.normal(manager, p.path().hashCode(), p.shape()).muli(.1f);
        p.array().set(values.toFloatArray());
        values.close();
      }
    }
  }

  private static Map<String, float[]> values(VisionTransformer model) {
    Map<String, float[]> values = new HashMap<>();
    model.namedParameters().forEach(p -> values.put(p.path(), p.array().toFloatArray()));
    return values;
  }

  private static ViTParameter parameter(VisionTransformer model, String path) {
    return model.namedParameters().stream()
        .filter(p -> p.path().equals(path))
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void equalExplicitWeights(ViTConfig config) {
    VisionTransformer model = initialized(config);
    VisionTransformer explicit = initialized(config);
    NDArray images = Images.of(manager, config, 2);
    float[] before = Runs.infer(model, images);
    Map<String, float[]> weights = values(model);

    model.lowRank().add(RANK, SCALE, BOTH);
    assertThat(Runs.infer(model, images)).isEqualTo(before);

    train(model);
    for (ViTParameter p : explicit.namedParameters()) {
      if (p.path().endsWith(".qkv.weight") || p.path().matches(".*attn\\.proj\\.weight")) {
        String layer = p.path().substring(0, p.path().length() - "weight".length());
        NDArray a = parameter(model, layer + "lora_a").array();
        NDArray b = parameter(model, layer + "lora_b").array();
        p.array().addi(b.matMul(a).muli(SCALE));
      }
    }
    float[] expected = Runs.infer(explicit, images);
    assertThat(Runs.infer(model, images)).containsExactly(expected, within(2e-5f));
    assertThat(Runs.infer(model, images)).isNotEqualTo(before);

    model.lowRank().merge();
    assertThat(values(model).keySet()).isEqualTo(weights.keySet());
    assertThat(Runs.infer(model, images)).containsExactly(expected, within(2e-5f));

    model.lowRank().unmerge();
    Map<String, float[]> after = values(model);
    weights.forEach((path, values) -> assertThat(after.get(path)).as(path).isEqualTo(values));
    assertThat(Runs.infer(model, images)).containsExactly(expected, within(2e-5f));

    model.lowRank().drop();
    assertThat(Runs.infer(model, images)).isEqualTo(before);
    assertThat(values(model).keySet()).isEqualTo(weights.keySet());
  }

  @Test
  void standBesideTheirWeights() {
    VisionTransformer model = Spread.small().parallel(2).build();
    int before = model.namedParameters().size();

    model.lowRank().add(RANK, 1, Set.of(LowRank.Layer.QKV));

    assertThat(model.namedParameters()).hasSize(before + 2 * 2 * 2);
    ViTParameter a = parameter(model, "blocks.1.attns.0.attn.qkv.lora_a");
    ViTParameter b = parameter(model, "blocks.1.attns.1.attn.qkv.lora_b");
    assertThat(a.shape()).isEqualTo(new Shape(RANK, 16));
    assertThat(b.shape()).isEqualTo(new Shape(48, RANK));
    assertThat(List.of(a.block(), a.branch(), b.branch())).containsExactly(1, 0, 1);
    assertThat(List.of(a.role(), b.role())).containsOnly(Role.ADAPTER);
    assertThat(model.summary().toString()).contains("low-rank branches");
    assertThat(model.summary().parameters())
        .isEqualTo(model.namedParameters().stream().mapToLong(ViTParameter::size).sum());

    model.initialize(manager); // branches that came before the values get theirs with them
    assertThat(a.array().toFloatArray()).doesNotContain(0f);
    assertThat(b.array().toFloatArray()).containsOnly(0f);
  }

  @Test
  void theySaveAndLoadWithTheModel(@TempDir Path folder)
      throws IOException, MalformedModelException {
    ViTConfig config = Spread.small().config();
    NDArray images = Images.of(manager, config, 1);
    float[] expected;
    try (Model saved = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer model = ViT.of(config);
      model.lowRank().add(RANK, SCALE, BOTH);
      saved.setBlock(model);
      model.initialize(saved.getNDManager());
      train(model);
      expected = Runs.infer(model, images);
      saved.save(folder, "vit");
    }
    try (Model loaded = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer model = ViT.of(config);
      model.lowRank().add(RANK, SCALE, BOTH);
      loaded.setBlock(model);
      loaded.load(folder, "vit");

      assertThat(Runs.infer(model, images)).isEqualTo(expected);
    }
  }

  @Test
  void aMergedModelIsAPlainOneToDjl(@TempDir Path folder)
      throws IOException, MalformedModelException {
    ViTConfig config = Spread.small().config();
    NDArray images = Images.of(manager, config, 1);
    float[] expected;
    try (Model saved = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer model = ViT.of(config);
      saved.setBlock(model);
      model.initialize(saved.getNDManager());
      model.lowRank().add(RANK, SCALE, BOTH);
      train(model);
      model.lowRank().merge();
      expected = Runs.infer(model, images);
      saved.save(folder, "vit");
    }
    try (Model loaded = Model.newInstance("vit", "PyTorch")) {
      loaded.setBlock(ViT.of(config));
      loaded.load(folder, "vit");

      assertThat(Runs.infer((VisionTransformer) loaded.getBlock(), images)).isEqualTo(expected);
    }
  }

  @Test
  void aResizedModelHasThemToo() {
    VisionTransformer model = initialized(Spread.small().config());
    model.lowRank().add(RANK, SCALE, BOTH);
    train(model);
    NDArray images = Images.of(manager, model.config(), 1);

    VisionTransformer copy = model.resizedTo(manager, 16, 16);

    assertThat(Runs.infer(copy, images)).isEqualTo(Runs.infer(model, images));
    assertThat(copy.trainable()).hasSameSizeAs(model.trainable());
  }

  @Test
  void nothingIsLeftBehind() {
    VisionTransformer model = initialized(Spread.small().parallel(2).config());
    NDArray images = Images.of(manager, model.config(), 1);
    int plain = Managed.by(manager);
    for (int i = 0; i < 3; i++) {
      model.lowRank().add(RANK, SCALE, BOTH);
      int added = Managed.by(manager);
      Runs.backward(model, images);
      model.lowRank().merge();
      Runs.infer(model, images);
      model.lowRank().unmerge();
      assertThat(Managed.by(manager)).isEqualTo(added);
      model.lowRank().merge();
      model.lowRank().drop();
      assertThat(Managed.by(manager)).isEqualTo(plain);
    }
    assertThat(model.lowRank().isPresent()).isFalse();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    VisionTransformer model = initialized(Spread.small().config());
    LowRank lowRank = model.lowRank();
    for (int rank : new int[] {0, -1, 17}) {
      assertThatThrownBy(() -> lowRank.add(rank, 1, BOTH)).isInstanceOf(BadInputException.class);
    }
    assertThatThrownBy(() -> lowRank.add(1, 0, BOTH)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> lowRank.add(1, 1, Set.of())).isInstanceOf(BadInputException.class);
    assertThatThrownBy(lowRank::merge).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lowRank::unmerge).isInstanceOf(IllegalStateException.class);
    assertThat(lowRank.isPresent()).isFalse();

    lowRank.add(2, 1, BOTH);
    lowRank.add(2, 1, BOTH);
    assertThatThrownBy(() -> lowRank.add(3, 1, BOTH))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("unmerge() or drop() them first");
    lowRank.merge();
    assertThatThrownBy(() -> lowRank.add(2, 1, BOTH)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(lowRank::merge)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the low-rank branches of the model are merged");
  }
}
