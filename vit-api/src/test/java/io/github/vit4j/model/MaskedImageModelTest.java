package io.github.vit4j.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.WithManager;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.StemNorm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hidden patches: where the token goes, that their pixels count for nothing before a stem that
 * keeps patches apart, and that they leak through one that does not.
 */
class MaskedImageModelTest extends WithManager {

  private static final int BATCH = 3;
  private static final int PATCHES = 16;
  private static final int PATCH = 8;

  private static List<UnaryOperator<ViTBuilder>> apart() {
    return List.of(
        b -> b.linearStem(),
        b -> b.hmlpStem(2, 2, 2),
        b -> b.hmlpStem(4, 2),
        b -> b.hmlpStem(StemNorm.LAYER_NORM, 2, 2, 2));
  }

  private static ViTBuilder builder() {
    return ViT.builder().imageSize(32).patchSize(PATCH).width(24).depth(2).heads(2).noHead();
  }

  private MaskedImageModel model(UnaryOperator<ViTBuilder> stem) {
    VisionTransformer network = stem.apply(builder().beit()).build();
    network.initialize(manager);
    MaskedImageModel model = new MaskedImageModel(network, 7, 5);
    model.initialize(manager, DataType.FLOAT32, network.inputShape());
    return model;
  }

  /** Different patches and different numbers of them in each image. */
  private static boolean[] hidden() {
    boolean[] hidden = new boolean[BATCH * PATCHES];
    for (int i = 0; i < hidden.length; i++) {
      int image = i / PATCHES;
      hidden[i] = (i * 7 + image) % (3 + image) == 0;
    }
    return hidden;
  }

  private NDArray mask() {
    return manager.create(hidden(), new Shape(BATCH, PATCHES));
  }

  private NDArray images(MaskedImageModel model) {
    return Images.of(manager, model.network().config(), BATCH);
  }

  /** The same images with other pixels in the hidden patches. */
  private NDArray changed(NDArray images, float value) {
    float[] pixels = images.toFloatArray();
    boolean[] hidden = hidden();
    int columns = 32 / PATCH;
    for (int i = 0; i < pixels.length; i++) {
      int x = i % 32;
      int y = i / 32 % 32;
      int image = i / (3 * 32 * 32);
      if (hidden[image * PATCHES + y / PATCH * columns + x / PATCH]) {
        pixels[i] = value;
      }
    }
    return manager.create(pixels, images.getShape());
  }

  private static float[] run(MaskedImageModel model, NDArray images, NDArray mask, boolean train) {
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      return model
          .forward(new ParameterStore(scope, false), new NDList(mine, mask), train)
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  private static Map<String, float[]> statistics(MaskedImageModel model) {
    Map<String, float[]> found = new LinkedHashMap<>();
    for (ViTParameter p : model.namedParameters()) {
      if (p.isBuffer()) {
        found.put(p.path(), p.array().toFloatArray());
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("apart")
  void hiddenPixelsCountForNothing(UnaryOperator<ViTBuilder> stem) {
    MaskedImageModel one = model(stem);
    MaskedImageModel other = model(stem);
    NDArray images = images(one);
    NDArray mask = mask();
    for (boolean training : new boolean[] {false, true}) {
      float[] expected = run(one, images, mask, training);
      assertThat(run(other, changed(images, 1e3f), mask, training)).isEqualTo(expected);
    }
    Map<String, float[]> others = statistics(other);
    statistics(one).forEach((path, values) -> assertThat(others.get(path)).isEqualTo(values));
  }

  @Test
  void throughAnOverlappingStemHiddenPixelsLeak() {
    MaskedImageModel model = model(ViTBuilder::convStem);
    NDArray images = images(model);
    NDArray mask = mask();
    for (boolean training : new boolean[] {false, true}) {
      float[] expected = run(model, images, mask, training);
      float[] leaked = run(model, changed(images, 5), mask, training);
      assertThat(leaked).isNotEqualTo(expected);
      double most = 0;
      for (int i = 0; i < expected.length; i++) {
        most = Math.max(most, Math.abs(expected[i] - leaked[i]));
      }
      assertThat(most).isGreaterThan(1e-3);
    }
  }

  /** The paper's statement: after the stem is before the stem, patch by patch. */
  @ParameterizedTest
  @MethodSource("apart")
  void maskingAfterTheStemIsMaskingBeforeIt(UnaryOperator<ViTBuilder> kind) {
    MaskedImageModel model = model(kind);
    NDArray images = images(model);
    boolean[] hidden = hidden();
    NDArray before = stem(model, changed(images, 0)); // pixels masked, then the plain stem
    NDArray after = masked(model, images); // the plain image, tokens masked
    float[] token = model.ownParameters().get(0).array().toFloatArray();
    for (int i = 0; i < hidden.length; i++) {
      float[] found = after.get("{}, {}", i / PATCHES, i % PATCHES).toFloatArray();
      if (hidden[i]) {
        assertThat(found).isEqualTo(token);
      } else {
        float[] expected = before.get("{}, {}", i / PATCHES, i % PATCHES).toFloatArray();
        assertThat(found).containsExactly(expected, within(2e-6f));
      }
    }
  }

  @Test
  void withAnOverlappingStemItIsNot() {
    MaskedImageModel model = model(ViTBuilder::convStem);
    NDArray images = images(model);
    boolean[] hidden = hidden();
    NDArray before = stem(model, changed(images, 0));
    NDArray after = masked(model, images);
    int differ = 0;
    int visible = 0;
    for (int i = 0; i < hidden.length; i++) {
      if (!hidden[i]) {
        visible++;
        NDArray a = after.get("{}, {}", i / PATCHES, i % PATCHES);
        NDArray b = before.get("{}, {}", i / PATCHES, i % PATCHES);
        differ += a.sub(b).abs().max().getFloat() > 1e-3 ? 1 : 0;
      }
    }
    assertThat(differ).isGreaterThan(visible / 3);
  }

  private static NDArray stem(MaskedImageModel model, NDArray images) {
    return stemOf(model)
        .apply(Pass.of(new ParameterStore(images.getManager(), false), false), images);
  }

  private static PatchStem stemOf(MaskedImageModel model) {
    return (PatchStem)
        model.network().getChildren().values().stream()
            .filter(PatchStem.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  private NDArray masked(MaskedImageModel model, NDArray images) {
    TokenMask mask = TokenMask.of(mask(), BATCH, PATCHES, model.ownParameters().get(0).parameter());
    Pass pass = Pass.masked(new ParameterStore(manager, false), false, mask, Routes.AUTOMATIC);
    return mask.tokens(pass, stemOf(model), images);
  }

  /**
   * By differences along the gradient. Put below each other as one image, patches met an error of
   * the engine's BatchNorm (see {@link GradientsAreSlopesTest}).
   */
  @ParameterizedTest
  @MethodSource("apart")
  void theStemsGradientIsThatOfDifferences(UnaryOperator<ViTBuilder> stem)
      throws InterruptedException {
    MaskedImageModel model = model(stem);
    NDArray images = images(model);
    Map<String, float[]> gradients = gradients(model, images, false);
    int checked = 0;
    for (ViTParameter p : model.namedParameters()) {
      float[] gradient = gradients.getOrDefault(p.path(), new float[0]);
      double norm = Slopes.length(gradient);
      if (p.role() == Role.STEM && norm > 1e-6) { // a bias before BatchNorm has none
        double along = Slopes.along(p, gradient, 0.02, () -> loss(model, images));
        assertThat(along).as(p.path()).isCloseTo(norm, within(0.05 * norm));
        checked++;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(2);
  }

  private double loss(MaskedImageModel model, NDArray images) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      float[] out =
          model
              .forward(new ParameterStore(scope, false), new NDList(mine, mask()), true)
              .singletonOrThrow()
              .toFloatArray();
      return Slopes.meanSquare(out);
    }
  }

  private Map<String, float[]> gradients(MaskedImageModel model, NDArray images, boolean disturb)
      throws InterruptedException {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      NDArray mask = manager.create(hidden(), new Shape(BATCH, PATCHES));
      NDArray loss =
          model
              .forward(new ParameterStore(scope, false), new NDList(mine, mask), true)
              .singletonOrThrow()
              .square()
              .mean();
      mask.close();
      List<?> garbage = disturb ? GradientsOutliveBuffersTest.reuseFreedMemory() : List.of();
      collector.backward(loss);
      assertThat(garbage.isEmpty()).isNotEqualTo(disturb);
    }
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (ViTParameter p : model.namedParameters()) {
      if (p.parameter().requiresGradient()) {
        gradients.put(p.path(), p.array().getGradient().toFloatArray());
      }
    }
    return gradients;
  }

  @ParameterizedTest
  @MethodSource("apart")
  void gradientsReachEverythingAndOutliveBuffers(UnaryOperator<ViTBuilder> stem) throws Exception {
    MaskedImageModel model = model(stem);
    NDArray images = images(model);
    Map<String, float[]> plain = gradients(model, images, false);
    assertThat(plain).containsKeys("mask_token", "lm_head.weight", "lm_head.bias");
    MaskedImageModel again = model(stem);
    Map<String, float[]> disturbed = gradients(again, images, true);
    plain.forEach(
        (path, gradient) -> {
          assertThat(disturbed.get(path)).as(path).isEqualTo(gradient);
          boolean normAfterAll = path.contains("proj") && path.endsWith("bias");
          if (!normAfterAll) { // a bias that BatchNorm takes away again
            assertThat(gradient).as(path).isNotEqualTo(new float[gradient.length]);
          }
        });
  }

  @Test
  void theMaskTokensGradientIsThatOfDifferences() throws Exception {
    MaskedImageModel model = model(b -> b.hmlpStem(2, 2, 2));
    NDArray images = images(model);
    float[] gradient = requireNonNull(gradients(model, images, false).get("mask_token"));
    NDArray token = model.ownParameters().get(0).array();
    float[] values = token.toFloatArray();
    for (int i = 0; i < 4; i++) {
      double[] loss = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = values.clone();
        moved[i] += side == 0 ? 1e-3f : -1e-3f;
        token.set(moved);
        for (float y : run(model, images, mask(), true)) {
          loss[side] += y * y;
        }
        loss[side] /= 7 * countHidden();
      }
      assertThat(gradient[i]).isCloseTo((float) ((loss[0] - loss[1]) / 2e-3), within(2e-3f));
    }
  }

  private static int countHidden() {
    int count = 0;
    for (boolean one : hidden()) {
      count += one ? 1 : 0;
    }
    return count;
  }

  @Test
  void thawingLeavesFrozenWhatIsNeverTrained() {
    VisionTransformer network =
        builder().hmlpStem(2, 2, 2).positionEmbedding(PositionEmbedding.SIN_COS).build();
    MaskedImageModel model = new MaskedImageModel(network, 7, 5);
    List<String> trained = trained(model);
    assertThat(trained).contains("mask_token", "lm_head.weight", "cls_token");
    assertThat(trained).doesNotContain("pos_embed", "patch_embed.proj.1.running_mean");

    model.freezeParameters(true);
    assertThat(trained(model)).isEmpty();
    model.freezeParameters(false, p -> p.getName().equals("mask_token"));
    assertThat(trained(model)).containsExactly("mask_token");
    model.freezeParameters(false);
    assertThat(trained(model)).isEqualTo(trained);
  }

  private static List<String> trained(MaskedImageModel model) {
    return model.namedParameters().stream()
        .filter(p -> p.parameter().requiresGradient())
        .map(ViTParameter::path)
        .toList();
  }

  @Test
  void nothingIsKept() {
    MaskedImageModel model = model(b -> b.hmlpStem(2, 2, 2));
    NDArray images = images(model);
    NDArray mask = mask();
    run(model, images, mask, true);
    int before = Managed.by(manager);
    for (int i = 0; i < 20; i++) {
      run(model, images, mask, i % 2 == 0);
    }
    assertThat(Managed.by(manager)).isEqualTo(before);
  }

  @Test
  void masksThatDoNotFitAreRefused() {
    MaskedImageModel model = model(ViTBuilder::linearStem);
    NDArray images = images(model);
    assertThatThrownBy(() -> run(model, images, manager.zeros(new Shape(BATCH, 4)), false))
        .hasMessageContaining("give booleans of shape (3, 16)");
    NDArray none = manager.create(new boolean[BATCH * PATCHES], new Shape(BATCH, PATCHES));
    assertThatThrownBy(() -> run(model, images, none, false))
        .hasMessageContaining("0 of the 16 patches of image 0 are masked");
    VisionTransformer late = builder().pooling(Pooling.MEAN).build();
    assertThatThrownBy(() -> new MaskedImageModel(late, 7, 0))
        .hasMessageContaining("norms after pooling");
  }
}
