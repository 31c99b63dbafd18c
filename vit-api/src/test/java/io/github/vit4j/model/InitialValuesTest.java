package io.github.vit4j.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a new model starts from, and how models exchange values. */
class InitialValuesTest extends WithManager {

  private Map<String, float[]> values(ViTBuilder builder) {
    VisionTransformer model = builder.build();
    model.initialize(manager);
    return values(model);
  }

  private static Map<String, float[]> values(VisionTransformer model) {
    Map<String, float[]> values = new LinkedHashMap<>();
    model.namedParameters().forEach(p -> values.put(p.path(), p.array().toFloatArray()));
    return values;
  }

  private static <V> V at(Map<String, V> values, String path) {
    return requireNonNull(values.get(path), path);
  }

  @Test
  void projectionsAndTokensAreTruncatedNormal() {
    Map<String, float[]> values =
        values(ViT.builder().width(256).heads(4).depth(1).imageSize(64).registerTokens(8));

    for (String path :
        List.of(
            "blocks.0.attns.0.attn.qkv.weight",
            "blocks.0.attns.0.attn.proj.weight",
            "blocks.0.ffns.0.mlp.fc1.weight",
            "head.weight")) {
      isNormal(at(values, path), .02, .01);
    }
    isNormal(at(values, "pos_embed"), .02, .1);
    isNormal(at(values, "cls_token"), .02, .2);
    isNormal(at(values, "reg_token"), .02, .1);
  }

  private static void isNormal(float[] values, double std, double tolerance) {
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (float v : values) {
      mean += v;
      square += v * v;
      fourth += Math.pow(v, 4);
    }
    int n = values.length;
    assertThat(mean / n).isEqualTo(0, within(4 * std / Math.sqrt(n)));
    assertThat(Math.sqrt(square / n)).isEqualTo(std, within(std * tolerance));
    // the normal's kurtosis is 3; of a uniform distribution it would be 1.8
    assertThat(fourth / n / Math.pow(square / n, 2)).isEqualTo(3, within(30 * tolerance));
  }

  /**
   * Several threads draw a whole model, and the JVM's direct memory, which is limited, has no part.
   */
  @Test
  void drawnAtOnceIsDrawnOneByOneInTheEnginesMemory() {
    VisionTransformer model = ViT.builder().width(384).heads(6).depth(4).hmlpStem().build();
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    long before = direct.getMemoryUsed();
    model.initialize(manager);
    assertThat(direct.getMemoryUsed() - before).isLessThan(model.summary().parameters());
    for (ViTParameter p : model.namedParameters()) {
      NDArray alone =
          p.parameter().getInitializer().initialize(manager, p.shape(), DataType.FLOAT32);
      assertThat(p.array().toByteArray()).as(p.path()).isEqualTo(alone.toByteArray());
    }
  }

  @Test
  void convolutionsAreUniformAsPyTorchLeavesThem() {
    float[] weight =
        at(values(ViT.builder().width(128).heads(4).depth(1)), "patch_embed.proj.weight");

    double bound = 1 / Math.sqrt(3 * 16 * 16);
    double square = 0;
    for (float v : weight) {
      assertThat(Math.abs(v)).isLessThanOrEqualTo((float) bound);
      square += v * v;
    }
    assertThat(Math.sqrt(square / weight.length)).isEqualTo(bound / Math.sqrt(3), within(.0003));
  }

  @Test
  void theRestIsConstant() {
    values(Spread.smallOf16().hmlpStem().layerScale(1e-4).distillationToken())
        .forEach(
            (path, values) -> {
              if (path.endsWith("gamma")) {
                assertThat(values).containsOnly(1e-4f);
              } else if (path.contains("norm.weight") || path.contains("running_var")) {
                assertThat(values).containsOnly(1f);
              } else if (path.contains("running_mean")) {
                assertThat(values).containsOnly(0f);
              } else if (path.endsWith("bias") && !path.startsWith("patch_embed")) {
                assertThat(values).containsOnly(0f);
              }
            });
  }

  @Test
  void aZeroHeadIsZeroAndNothingElseIs() {
    Map<String, float[]> usual = values(Spread.small().distillationToken());
    Map<String, float[]> zero = values(Spread.small().distillationToken().zeroHead());

    usual.forEach(
        (path, values) -> {
          boolean head = path.startsWith("head");
          assertThat(zero.get(path)).isEqualTo(head ? new float[values.length] : values);
        });
    assertThat(zero).containsKeys("head.weight", "head_dist.weight");
  }

  @Test
  void sinCosPositionsAreThoseOfMae() {
    ViTConfig config =
        ViT.from(Spread.small().config())
            .imageSize(16, 24)
            .positionEmbedding(PositionEmbedding.SIN_COS)
            .config();
    VisionTransformer model = ViT.of(config);
    model.initialize(manager);
    float[] table = at(values(model), "pos_embed");

    for (int d = 0; d < 16; d++) {
      assertThat(table[d]).isZero(); // the class token's
    }
    for (int patch = 0; patch < 6; patch++) {
      for (int i = 0; i < 4; i++) {
        double frequency = Math.pow(10_000, -i / 4.0);
        int at = (1 + patch) * 16 + i;
        int column = patch % 3;
        int row = patch / 3;
        assertThat(table[at]).isEqualTo((float) Math.sin(column * frequency), within(1e-6f));
        assertThat(table[at + 4]).isEqualTo((float) Math.cos(column * frequency), within(1e-6f));
        assertThat(table[at + 8]).isEqualTo((float) Math.sin(row * frequency), within(1e-6f));
        assertThat(table[at + 12]).isEqualTo((float) Math.cos(row * frequency), within(1e-6f));
      }
    }
  }

  @Test
  void equalSeedsGiveEqualValuesAndOtherSeedsOthers() {
    Map<String, float[]> one = values(Spread.small().seed(7));
    Map<String, float[]> same = values(Spread.small().seed(7));
    Map<String, float[]> other = values(Spread.small().seed(8));

    one.forEach((path, values) -> assertThat(same.get(path)).isEqualTo(values));
    for (String drawn :
        List.of("cls_token", "pos_embed", "head.weight", "patch_embed.proj.weight")) {
      assertThat(other.get(drawn)).isNotEqualTo(one.get(drawn));
    }
    assertThat(one.get("blocks.0.attns.0.attn.qkv.weight"))
        .isNotEqualTo(one.get("blocks.1.attns.0.attn.qkv.weight"));
  }

  @Test
  void aParametersValuesDoNotDependOnTheRestOfTheModel() {
    Map<String, float[]> plain = values(Spread.small());
    Map<String, float[]> more =
        values(ViT.from(Spread.small().config()).depth(3).parallel(2).layerScale(1).preNorm());

    plain.forEach((path, values) -> assertThat(more.get(path)).isEqualTo(values));
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void equalConfigurationsGiveInterchangeableModels(ViTConfig config) {
    VisionTransformer one = new VisionTransformer(config, 1, false);
    VisionTransformer other = new VisionTransformer(ViTConfig.fromJson(config.toJson()), 2, true);
    one.initialize(manager);
    Map<String, NDArray> values = new LinkedHashMap<>();
    one.namedParameters().forEach(p -> values.put(p.path(), p.array()));

    other.initialize(manager, (p, owner) -> at(values, p.path()).duplicate());

    assertThat(shapes(other)).isEqualTo(shapes(one));
    assertThat(values).hasSameSizeAs(one.namedParameters());
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = Images.of(scope, config, 2);
      assertThat(Runs.infer(other, images)).isEqualTo(Runs.infer(one, images));
      assertThat(Runs.infer(one, images)).hasSize(2 * (config.classes() > 0 ? 5 : 16));
    }
  }

  private static List<String> shapes(VisionTransformer model) {
    return model.namedParameters().stream()
        .map(p -> p.path() + p.shape() + p.role() + p.block() + p.branch())
        .toList();
  }

  @Test
  void aSourceThatDoesNotFitLeavesTheModelAsItWas() {
    VisionTransformer model = Spread.small().build();
    model.initialize(manager);
    Map<String, float[]> before = values(model);
    int arrays = manager.getManagedArrays().size();

    assertThatThrownBy(
            () ->
                model.initialize(
                    manager,
                    (p, owner) ->
                        owner.ones(p.path().equals("norm.bias") ? new Shape(15) : p.shape())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("norm.bias has shape (15), but the model needs (16)");

    values(model).forEach((path, values) -> assertThat(values).isEqualTo(before.get(path)));
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void replacedValuesAreFreed() {
    VisionTransformer model = Spread.small().build();
    model.initialize(manager);
    int arrays = manager.getManagedArrays().size();
    List<String> asked = new ArrayList<>();

    model.initialize(
        manager,
        (p, owner) -> {
          asked.add(p.path());
          return owner.ones(p.shape());
        });

    assertThat(asked).hasSize(model.namedParameters().size()).doesNotHaveDuplicates();
    values(model).values().forEach(v -> assertThat(v).containsOnly(1f));
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void theMapPoolsProbeIsNormal() {
    float[] latent =
        at(
            values(ViT.builder().width(1024).heads(4).mlpWidth(8).depth(1).pooling(Pooling.MAP)),
            "attn_pool.latent");

    isNormal(latent, 1 / 32., .1);
  }
}
