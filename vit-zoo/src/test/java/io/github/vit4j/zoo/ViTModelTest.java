package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.BaseNDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.inference.ImageInput;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.WeightSaver;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViTModelTest {

  private static final List<Label> LABELS =
      List.of(new Label("n1", "cat"), new Label("n2", "dog"), new Label("n3", "ship"));

  @TempDir Path folder;

  private static ViTBuilder small() {
    return ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(3);
  }

  private static ViTModel model(ViTBuilder builder, List<Label> labels) {
    Model model = Model.newInstance("test", Device.cpu(), "PyTorch");
    VisionTransformer vit = builder.build();
    vit.initialize(model.getNDManager());
    model.setBlock(vit);
    return ViTModel.of(model, EvalTransform.ofSize(16).withCropRatio(1), labels);
  }

  @Test
  void aNetworkFromTheBuilderBecomesAModel() {
    VisionTransformer network = small().build();
    EvalTransform preprocessing = EvalTransform.ofSize(16).withCropRatio(1);
    try (ViTModel fresh = ViTModel.of(network, preprocessing, LABELS);
        ViTModel byHand = model(small(), LABELS)) {
      List<RgbImage> images = List.of(noise(1));
      assertThat(fresh.logits(images)).isDeepEqualTo(byHand.logits(images));
      assertThatThrownBy(() -> ViTModel.of(network, preprocessing, LABELS))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("has weights already");
    }
    assertThatThrownBy(() -> ViTModel.of(small().build(), preprocessing, LABELS.subList(0, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 labels do not fit a model of 3 classes");
  }

  private static RgbImage noise(int seed) {
    byte[] rgb = new byte[20 * 24 * 3];
    new Random(seed).nextBytes(rgb);
    return RgbImage.of(20, 24, rgb);
  }

  @Test
  void aCompiledModelAnswersTheSameAndOutlivesIt() throws Exception {
    ViTModel original = model(small(), LABELS);
    List<RgbImage> images = List.of(noise(1), noise(2));
    float[][] logits = original.logits(images);
    float[][] features = original.embed(images);
    String best = original.classify(noise(1)).best().getClassName();
    try (ViTModel fast = original.compile()) {
      assertThat(fast.network()).isSameAs(original.network());
      assertThat(fast.labels()).isEqualTo(LABELS);
      original.close();
      for (int i = 0; i < 2; i++) {
        assertThat(fast.logits(images)[i]).containsExactly(logits[i], within(1e-5f));
        assertThat(fast.embed(images)[i]).containsExactly(features[i], within(1e-4f));
      }
      assertThat(fast.classify(noise(1)).best().getClassName()).isEqualTo(best);
      try (Predictor<Image, Classifications> predictor = fast.newPredictor()) {
        Image image = ImageFactory.getInstance().fromPixels(new int[20 * 24], 20, 24);
        assertThat(predictor.predict(image).getClassNames()).contains(best);
      }
    }
  }

  @Test
  void closingWaitsForThoseWhoUseIt() throws Exception {
    ViTModel model = ViTModel.of(small().build(), EvalTransform.ofSize(16), Label.numbered(3));
    CountDownLatch busy = new CountDownLatch(4);
    List<CompletableFuture<Void>> users = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      users.add(
          CompletableFuture.runAsync(
              () -> {
                while (true) {
                  model.classify(noise(1));
                  busy.countDown();
                }
              },
              task -> new Thread(task).start()));
    }
    busy.await();
    model.close();
    model.close();

    for (CompletableFuture<Void> user : users) {
      assertThatThrownBy(user::get)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this model has been closed");
    }
  }

  @Test
  void exportsWhatPlainDjlLoads() throws Exception {
    Path file = folder.resolve("model.pt");
    try (ViTModel original = model(small(), LABELS);
        Model plain = Model.newInstance("plain", Device.cpu(), "PyTorch")) {
      original.exportTorchScript(file);
      plain.load(file);
      assertThat(plain.getBlock().getParameters()).isNotEmpty();
    }
  }

  @Test
  void whatWasSavedComesBackWhole() {
    Path file = folder.resolve("model.safetensors");
    try (ViTModel saved = model(small(), LABELS)) {
      saved.save(file, TensorType.F32);
      try (ViTModel opened = ViTModel.open(folder)) {
        assertThat(opened.labels()).isEqualTo(LABELS);
        assertThat(opened.preprocessing()).isEqualTo(saved.preprocessing());
        assertThat(opened.network().config()).isEqualTo(saved.network().config());
        List<RgbImage> images = List.of(noise(1), noise(2));
        assertThat(opened.logits(images)).isDeepEqualTo(saved.logits(images));
        assertThat(opened.embed(images)).isDeepEqualTo(saved.embed(images));
      }
    }
  }

  @Test
  void aFolderMayDescribeAPlainCheckpoint() throws IOException {
    try (ViTModel model = model(small(), LABELS)) {
      WeightSaver.save(model.network(), folder.resolve("weights.safetensors"));
    }
    Path bare = folder.resolve("weights.safetensors");
    Files.writeString(folder.resolve("labels.txt"), "0\tn1\tcat\n1\tn2\tdog\n2\tn3\tship\n");
    Path config = folder.resolve("other.json");
    Files.writeString(
        config,
        """
        {"img_size": 16, "patch_size": 8, "embed_dim": 16, "depth": 1, "num_heads": 2,
         "num_classes": 3, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize": 20,
         "crop": 16, "interpolation": "bilinear"}
        """);
    try (ViTModel model = ViTModel.at(bare).config(config).load()) {
      assertThat(model.labels()).isEqualTo(LABELS);
      assertThat(model.preprocessing().cropRatio()).isEqualTo(0.8);
      assertThat(model.preprocessing().mean()).containsExactly(0.5, 0.5, 0.5);
    }
    Files.writeString(folder.resolve("labels.txt"), "cat\ndog\n");
    assertThatThrownBy(() -> ViTModel.at(bare).config(config).load())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("labels.txt names 2 classes, but the model has 3");
    try (ViTModel carrying = model(small(), LABELS)) {
      Map<String, String> two = ModelMetadata.of(carrying.preprocessing(), LABELS.subList(0, 2));
      WeightSaver.save(carrying.network(), bare, two, NameConverters.timm(), TensorType.F32);
    }
    assertThatThrownBy(() -> ViTModel.open(bare))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("weights.safetensors names 2 classes, but the model has 3");
  }

  @Test
  void probabilitiesSumToOneAndThePredictorAgrees() throws Exception {
    try (ViTModel model = model(small(), LABELS);
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      Classifications ours = model.classify(noise(3));
      assertThat(ours.getProbabilities().stream().mapToDouble(p -> p).sum())
          .isCloseTo(1, within(1e-9));
      Image image = ImageFactory.getInstance().fromImage(noise(3).toBufferedImage());
      Classifications theirs = predictor.predict(image);
      assertThat(theirs.getClassNames()).containsExactly("cat", "dog", "ship");
      for (Label label : LABELS) {
        assertThat(theirs.get(label.name()).getProbability())
            .isCloseTo(ours.get(label.name()).getProbability(), within(1e-6));
      }
    }
  }

  @Test
  void inferenceLeavesNothingBehind() {
    try (ViTModel model = model(small(), LABELS)) {
      BaseNDManager manager = (BaseNDManager) model.djlModel().getNDManager();
      model.classify(noise(1));
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 200; i++) {
        model.classify(noise(i));
        model.embed(noise(i));
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void whatCannotWorkIsRefused() throws IOException {
    assertThatThrownBy(() -> ViTModel.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no checkpoint");
    assertThatThrownBy(() -> ViTModel.open(folder.resolve("none")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    try (ViTModel headless = model(ViT.from(small().config()).noHead(), List.of())) {
      assertThat(headless.embed(noise(1))).hasSize(16);
      assertThatThrownBy(() -> headless.classify(noise(1)))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("has no head");
    }
    try (ViTModel model = model(small(), LABELS)) {
      assertThatThrownBy(() -> model.classify(List.of()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no image");
      FloatBuffer two = FloatBuffer.allocate(2 * 3 * 16 * 16);
      assertThat(model.logits(two, 2)).hasDimensions(2, 3);
      assertThat(model.embed(two, 1)).hasDimensions(1, 16);
      assertThatThrownBy(() -> model.logits(two, 3))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("take 2304 floats, but the buffer has 1536");
      assertThatThrownBy(() -> model.embed(two.position(1), 2))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("has 1535");
      model.save(folder.resolve("a.safetensors"), TensorType.F16);
      model.save(folder.resolve("b.safetensors"), TensorType.BF16);
    }
    assertThatThrownBy(() -> ViTModel.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("several checkpoints, [a.safetensors, b.safetensors]");
  }

  /** Rows of one buffer, from anywhere in it, are those of the whole: DJL alone reads others. */
  @Test
  void readsABufferBetweenPositionAndLimit() {
    int floats = 3 * 16 * 16;
    try (ViTModel model = model(small(), LABELS)) {
      FloatBuffer four =
          ImageInput.prepare(
              List.of(noise(1), noise(2), noise(3), noise(4)), model.preprocessing());
      float[][] all = model.logits(four, 4);

      FloatBuffer rest = four.duplicate().position(floats);
      float[][] two = model.logits(rest, 2);

      assertThat(rest.position()).isEqualTo(floats);
      assertThat(rest.remaining()).isEqualTo(3 * floats);
      assertThat(two[0]).containsExactly(all[1], within(1e-6f));
      assertThat(two[1]).containsExactly(all[2], within(1e-6f));
    }
  }
}
