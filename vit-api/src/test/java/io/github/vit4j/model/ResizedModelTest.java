package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.GridResampler.Grid;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same model at another image size. */
class ResizedModelTest extends WithManager {

  private VisionTransformer initialized(ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    model.initialize(manager);
    return model;
  }

  private static ViTParameter parameter(VisionTransformer model, String path) {
    return model.namedParameters().stream()
        .filter(p -> p.path().equals(path))
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void atItsOwnSizeItIsACopy(ViTConfig config) {
    VisionTransformer model = initialized(config);
    NDArray images = Images.of(manager, config, 2);
    float[] output = Runs.infer(model, images);

    NDManager other = manager.newSubManager();
    VisionTransformer copy = model.resizedTo(other, config.imageHeight(), config.imageWidth());

    assertThat(copy.config()).isEqualTo(config);
    assertThat(Runs.infer(copy, images)).isEqualTo(output);
    assertThat(other.getManagedArrays()).hasSameSizeAs(copy.namedParameters());
    copy.namedParameters().forEach(p -> p.array().muli(2));
    assertThat(Runs.infer(model, images)).isEqualTo(output);
    other.close();
    assertThat(Runs.infer(model, images)).isEqualTo(output);
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void atAnotherSizeItRuns(ViTConfig config) {
    VisionTransformer model = initialized(config);
    int p = config.patchSize();
    int before = Managed.by(manager);

    NDManager other = manager.newSubManager();
    VisionTransformer resized = model.resizedTo(other, 3 * p, 5 * p);

    assertThat(resized.config()).isEqualTo(config.withImageSize(3 * p, 5 * p));
    for (float value : Runs.infer(resized, Images.of(other, resized.config(), 2))) {
      assertThat(value).isFinite();
    }
    for (int i = 0; i < resized.namedParameters().size(); i++) {
      ViTParameter ours = resized.namedParameters().get(i);
      ViTParameter theirs = model.namedParameters().get(i);
      boolean onAGrid = ours.path().equals("pos_embed") || ours.path().endsWith("bias_table");
      assertThat(ours.path()).isEqualTo(theirs.path());
      if (!onAGrid) {
        assertThat(ours.array().toFloatArray()).isEqualTo(theirs.array().toFloatArray());
      }
    }
    other.close();
    assertThat(Managed.by(manager)).isEqualTo(before);
  }

  @Test
  void gridsHaveTheShapesOfTheNewSize() {
    VisionTransformer beit =
        initialized(Spread.small().relativePosition(RelativePosition.PER_BLOCK).config());

    VisionTransformer resized = beit.resizedTo(manager, 24, 40);

    assertThat(parameter(resized, "pos_embed").shape()).isEqualTo(new Shape(1, 1 + 3 * 5, 16));
    assertThat(parameter(resized, "blocks.1.attns.0.attn.relative_position_bias_table").shape())
        .isEqualTo(new Shape(5 * 9 + 3, 2));
  }

  @Test
  void aSizeOffThePatchGridIsRefused() {
    VisionTransformer model = initialized(Spread.small().config());
    int before = Managed.by(manager);

    assertThatThrownBy(() -> model.resizedTo(manager, 20, 16))
        .isInstanceOf(BadInputException.class)
        .hasMessage("image height 20 is not divisible by patch size 8; use 16 or 24");
    assertThatThrownBy(() -> model.resizedTo(manager, 16, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("image sides must lie between 1 and 65536 pixels, but are 16x0");
    assertThat(Managed.by(manager)).isEqualTo(before);
  }

  @Test
  void aModelWithoutValuesIsRefused() {
    VisionTransformer model = Spread.small().build();

    assertThatThrownBy(() -> model.resizedTo(manager, 24, 24))
        .isInstanceOf(BadInputException.class)
        .hasMessage("cls_token has no values yet; initialise or load the model first");
  }

  @Test
  void theClassTokensEntriesAreKept() {
    VisionTransformer model = initialized(Spread.small().distillationToken().config());
    float[] before = parameter(model, "pos_embed").array().toFloatArray();

    float[] after = parameter(model.resizedTo(manager, 8, 40), "pos_embed").array().toFloatArray();

    assertThat(Arrays.copyOf(after, 32)).isEqualTo(Arrays.copyOf(before, 32));
    assertThat(after).hasSize((2 + 5) * 16);
  }

  @Test
  void theTablesOffsetsAreResampledAndTheirLastThreeKept() {
    VisionTransformer model =
        initialized(Spread.small().relativePosition(RelativePosition.SHARED).config());
    String path = "rel_pos_bias.relative_position_bias_table";
    float[] table = new float[(9 + 3) * 2];
    Arrays.fill(table, 0, 18, 2.5f);
    for (int i = 18; i < 24; i++) {
      table[i] = i;
    }
    parameter(model, path).array().set(table);

    float[] after = parameter(model.resizedTo(manager, 32, 24), path).array().toFloatArray();

    assertThat(after).hasSize((7 * 5 + 3) * 2);
    for (int i = 0; i < 70; i++) {
      assertThat(after[i]).isEqualTo(2.5f, within(1e-6f));
    }
    assertThat(Arrays.copyOfRange(after, 70, 76)).containsExactly(18, 19, 20, 21, 22, 23);
  }

  @Test
  void sinCosPositionsAreComputedAnew() {
    ViTConfig config = Spread.small().positionEmbedding(PositionEmbedding.SIN_COS).config();

    VisionTransformer resized = initialized(config).resizedTo(manager, 24, 40);

    assertThat(parameter(resized, "pos_embed").array().toFloatArray())
        .isEqualTo(
            parameter(initialized(config.withImageSize(24, 40)), "pos_embed")
                .array()
                .toFloatArray());
    assertThat(parameter(resized, "pos_embed").parameter().requiresGradient()).isFalse();
  }

  @Test
  void frozenStaysFrozen() {
    VisionTransformer model = initialized(Spread.small().config());
    model.freezeParameters(true, p -> p.getName().equals("bias"));

    assertThat(model.resizedTo(manager, 24, 24).namedParameters())
        .allMatch(p -> p.parameter().requiresGradient() == !p.path().endsWith("bias"));
  }

  /** A cubic kernel reproduces a plane wherever the border does not cut it off. */
  @Test
  void aPlaneStaysAPlaneInside() {
    Grid from = new Grid(6, 8);
    Grid to = new Grid(12, 24);
    float[] plane = new float[48];
    for (int i = 0; i < 48; i++) {
      plane[i] = 3 * (i / 8) - 2 * (i % 8);
    }

    float[] finer = GridResampler.resample(plane, 0, 0, from, to, AxisWeights.CUBIC_ANTIALIASED);

    for (int y = 4; y < 8; y++) {
      for (int x = 6; x < 18; x++) {
        double row = (y + .5) / 2 - .5;
        double column = (x + .5) / 3 - .5;
        assertThat(finer[y * 24 + x]).isEqualTo((float) (3 * row - 2 * column), within(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAndColumnsAreTreatedAlike(AxisWeights axis) {
    float[] values = new float[15];
    float[] transposed = new float[15];
    for (int i = 0; i < 15; i++) {
      values[i] = (i * 7919) % 31;
      transposed[i % 5 * 3 + i / 5] = values[i];
    }

    float[] one = GridResampler.resample(values, 0, 0, new Grid(3, 5), new Grid(7, 4), axis);
    float[] other = GridResampler.resample(transposed, 0, 0, new Grid(5, 3), new Grid(4, 7), axis);

    for (int i = 0; i < 28; i++) {
      assertThat(other[i % 4 * 7 + i / 4]).isEqualTo(one[i], within(1e-4f));
    }
  }
}
