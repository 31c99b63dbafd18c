package io.github.vit4j.finetune.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.finetune.WithManager;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.train.Objective;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hidden patches are asked for, held against plain arithmetic and a reference's numbers. */
class TargetTest extends WithManager {

  /**
   * A small encoder with random weights and what a plain NumPy implementation of DALL-E's {@code
   * encoder.py} makes of two images; {@code tokens_half} after Pillow's Lanczos to half the size.
   */
  private static final Path DALLE = Path.of("src/test/resources/dalle");

  @TempDir Path folder;

  private static PatchView view(int side, int patch) {
    return new PatchView(side / patch, side / patch, patch, EvalTransform.ofSize(side));
  }

  private PatchImages images(int count, PatchView view) {
    int side = view.rows() * view.patchSize();
    SplittableRandom random = new SplittableRandom(5);
    float[] pixels = new float[count * 3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (4 * random.nextDouble() - 2);
    }
    return new PatchImages(manager.create(pixels, new Shape(count, 3, side, side)), view);
  }

  @Test
  void patchesAndColours() {
    PatchView view = view(6, 2);
    PatchImages images = images(2, view);
    float[] all = images.pixels().toFloatArray();
    float[] patches = images.patches(images.pixels()).toFloatArray();
    float[] colours = images.colours().toFloatArray();
    for (int i = 0; i < all.length; i++) {
      int image = i / 108;
      int channel = i / 36 % 3;
      int y = i / 6 % 6;
      int x = i % 6;
      int patch = image * 9 + y / 2 * 3 + x / 2;
      assertThat(patches[patch * 12 + channel * 4 + y % 2 * 2 + x % 2]).isEqualTo(all[i]);
      EvalTransform p = view.preprocessing();
      double colour = all[i] * p.std().get(channel) + p.mean().get(channel);
      assertThat(colours[i]).isCloseTo((float) colour, within(1e-6f));
    }
  }

  @Test
  void pixelsNormalisedPerPatch() {
    PatchImages images = images(2, view(6, 2));
    float[] patches = images.patches(images.pixels()).toFloatArray();
    long[] hidden = {0, 4, 17};
    NDArray aims = PixelTarget.MAE.aims(images, hidden);
    NDArray plain = PixelTarget.SIMMIM.aims(images, hidden);
    NDArray predicted = aims.add(0.5f);
    for (int i = 0; i < hidden.length; i++) {
      double[] one = new double[12];
      double mean = 0;
      for (int k = 0; k < 12; k++) {
        one[k] = patches[(int) hidden[i] * 12 + k];
        mean += one[k] / 12;
      }
      double variance = 0;
      for (double v : one) {
        variance += (v - mean) * (v - mean) / 11;
      }
      for (int k = 0; k < 12; k++) {
        float expected = (float) ((one[k] - mean) / Math.sqrt(variance + 1e-6));
        assertThat(aims.getFloat(i, k)).isCloseTo(expected, within(1e-5f));
        assertThat(plain.getFloat(i, k)).isEqualTo((float) one[k]);
      }
    }
    assertThat(PixelTarget.MAE.loss(predicted, aims).getFloat()).isCloseTo(0.25f, within(1e-6f));
    assertThat(PixelTarget.SIMMIM.loss(predicted, aims).getFloat()).isCloseTo(0.5f, within(1e-6f));
    assertThat(PixelTarget.MAE.score(predicted, aims)).isEqualTo(new Objective.Score(0, 0));
    // what is predicted exactly is painted as it was
    NDArray colours = PatchImages.rows(images.patches(images.colours()), hidden);
    for (PixelTarget target : List.of(PixelTarget.MAE, PixelTarget.SIMMIM)) {
      NDArray painted = target.paint(images, hidden, target.aims(images, hidden)).orElseThrow();
      assertThat(painted.sub(colours).abs().max().getFloat()).isLessThan(1e-5f);
    }
    assertThatThrownBy(() -> PixelTarget.MAE.requireFit(view(6, 1)))
        .hasMessageContaining("a patch of one pixel");
  }

  @Test
  void tokensAreLearnedByCrossEntropy() {
    TokenTarget target = new CodebookTarget(codebook(3, 2));
    NDArray logits = manager.create(new float[] {1, 2, 0, -1, 0, 3}, new Shape(2, 3));
    NDArray aims = manager.create(new long[] {1, 0});
    NDArray expected = CrossEntropy.of(logits, aims);
    assertThat(target.loss(logits, aims).getFloat()).isCloseTo(expected.getFloat(), within(1e-6f));
    assertThat(target.score(logits, aims)).isEqualTo(new Objective.Score(1, 2));
  }

  /** Entries of one grey each: 0, 1/n, 2/n, ... */
  private static Codebook codebook(int size, int patch) {
    float[] values = new float[size * 3 * patch * patch];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i / (3 * patch * patch)) / size;
    }
    return new Codebook(values, values.clone(), size, patch, new PixelVectors(patch).identity());
  }

  @Test
  void theNearestEntryIsTheToken() {
    PatchView view = view(6, 2);
    PatchImages images = images(3, view);
    CodebookTarget target = new CodebookTarget(codebook(5, 2));
    float[] patches = images.patches(images.colours()).toFloatArray();
    long[] tokens = target.tokens(images);
    assertThat(tokens).hasSize(27);
    for (int i = 0; i < tokens.length; i++) {
      double mean = 0;
      for (int k = 0; k < 12; k++) {
        mean += patches[i * 12 + k] / 12;
      }
      assertThat(tokens[i]).isEqualTo(Math.max(0, Math.min(4, Math.round(mean * 5))));
    }
    assertThat(target.aims(images, 2, 26).toLongArray()).containsExactly(tokens[2], tokens[26]);
  }

  @Test
  void aCodebookComesBackFromItsFile() {
    Codebook codebook = codebook(5, 2);
    Path file = folder.resolve("codebook.safetensors");
    codebook.save(file);
    Codebook read = Codebook.open(file);
    assertThat(read.centres()).isEqualTo(codebook.centres());
    assertThat(read.colours()).isEqualTo(codebook.colours());
    assertThat(read.vectors()).isEqualTo("pixels of patches of 2");
    assertThat(new CodebookTarget(read).identity())
        .isEqualTo(new CodebookTarget(codebook).identity())
        .contains("codebook of 5 of pixels of patches of 2, checksum ");

    assertThatThrownBy(() -> new CodebookTarget(read).requireFit(view(8, 4)))
        .hasMessageContaining(
            "an image of 8 x 8 has 4 x 4 tokens, but the model has 2 x 2 patches of 4 pixels");
    assertThatThrownBy(() -> new CodebookTarget(read, new PixelVectors(4)))
        .hasMessageContaining("was made of pixels of patches of 2, but here are pixels of");
  }

  @Test
  void filesThatAreNoCodebook() {
    Path file = folder.resolve("other.safetensors");
    TensorSource tensor = TensorSource.of("codebook", List.of(2L, 3L), new float[6]);
    SafeTensors.write(file, Map.of(), List.of(tensor));
    assertThatThrownBy(() -> Codebook.open(file)).hasMessageContaining("holds no codebook");
    SafeTensors.write(file, Map.of("vit4j.codebook", "{nonsense"), List.of(tensor));
    assertThatThrownBy(() -> Codebook.open(file)).hasMessageContaining("in a broken way");
    String json = "{\"patchSize\":1,\"vectors\":\"x\"}";
    SafeTensors.write(
        file,
        Map.of("vit4j.codebook", json),
        List.of(tensor, TensorSource.of("colours", List.of(2L, 4L), new float[8])));
    assertThatThrownBy(() -> Codebook.open(file)).hasMessageContaining("do not fit each other");
    float[] infinite = {1, 2, Float.NaN, 1, 2, 3};
    SafeTensors.write(
        file,
        Map.of("vit4j.codebook", json),
        List.of(
            TensorSource.of("codebook", List.of(2L, 3L), infinite),
            TensorSource.of("colours", List.of(2L, 3L), new float[6])));
    assertThatThrownBy(() -> Codebook.open(file)).hasMessageContaining("no finite numbers");
  }

  private PatchImages dalleImages(NDManager scope, PatchView view) {
    try (Checkpoint expected = SafeTensors.open(DALLE.resolve("expected.safetensors"))) {
      NDArray bytes = expected.array("images", scope);
      NDArray colours =
          bytes
              .toType(ai.djl.ndarray.types.DataType.FLOAT32, true)
              .div(255)
              .transpose(0, 3, 1, 2)
              .duplicate();
      float[] values = colours.toFloatArray();
      EvalTransform p = view.preprocessing();
      for (int i = 0; i < values.length; i++) {
        int channel = i / (32 * 32) % 3;
        values[i] = (float) ((values[i] - p.mean().get(channel)) / p.std().get(channel));
      }
      return new PatchImages(scope.create(values, colours.getShape()), view);
    }
  }

  @Test
  void dallesEncoderEqualsItsReference() {
    try (Checkpoint expected = SafeTensors.open(DALLE.resolve("expected.safetensors"));
        Checkpoint weights = SafeTensors.open(DALLE.resolve("encoder.safetensors"));
        DalleTarget target = DalleTarget.open(DALLE.resolve("encoder.safetensors"))) {
      assertThat(target.vocabulary()).isEqualTo(24);
      DalleEncoder encoder = new DalleEncoder(weights, manager);
      PatchImages full = dalleImages(manager, view(32, 8));
      float[] logits = encoder.logits(DalleEncoder.mapped(full.colours())).toFloatArray();
      assertThat(logits).containsExactly(expected.floats("logits"), within(2e-5f));
      assertThat(target.tokens(full)).isEqualTo(expected.longs("tokens_full"));
      // four patches of 16 pixels, so the tokenizer sees 16 x 16 pixels
      assertThat(target.tokens(dalleImages(manager, view(32, 16))))
          .isEqualTo(expected.longs("tokens_half"));
    }
  }

  @Test
  void aTokenizerOfAnotherGridIsRefused() {
    Path file = DALLE.resolve("encoder.safetensors");
    try (DalleTarget target = DalleTarget.open(file, ai.djl.Device.cpu(), 64)) {
      target.requireFit(view(64, 8));
      assertThatThrownBy(() -> target.requireFit(view(64, 16)))
          .hasMessage(
              "the tokenizer makes 8 x 8 tokens of images of 64 pixels, but the model has 4 x 4 patches; give it images of 32 x 32 pixels");
    }
    assertThatThrownBy(() -> DalleTarget.open(file, ai.djl.Device.cpu(), 60))
        .hasMessageContaining("give a multiple of 8");
  }

  @Test
  void filesThatAreNoEncoder() {
    Path file = folder.resolve("encoder.safetensors");
    try (Checkpoint whole = SafeTensors.open(DALLE.resolve("encoder.safetensors"))) {
      List<TensorSource> some = new ArrayList<>();
      whole.tensors().forEach(t -> some.add(TensorSource.of(whole, t.name())));
      some.removeIf(t -> t.info().name().equals("blocks.group_2.block_1.id_path.w"));
      SafeTensors.write(file, Map.of(), some);
      assertThatThrownBy(() -> DalleTarget.open(file))
          .hasMessageContaining("leads from 8 to 16 channels; the file is incomplete");
      some.removeIf(t -> t.info().name().startsWith("blocks.group_1.block_2.res_path.conv_3"));
      some.add(
          TensorSource.of(
              "blocks.group_1.block_2.res_path.conv_3.w", List.of(2L, 2L, 5L, 5L), new float[100]));
      some.add(
          TensorSource.of("blocks.group_1.block_2.res_path.conv_3.b", List.of(2L), new float[2]));
      SafeTensors.write(file, Map.of(), some);
      assertThatThrownBy(() -> DalleTarget.open(file))
          .hasMessageContaining("a convolution of 2 channels with a kernel of 3 is needed there");
    }
    new CodebookTarget(codebook(3, 2));
    codebook(3, 2).save(file);
    assertThatThrownBy(() -> DalleTarget.open(file))
        .hasMessageContaining("has no encoder of DALL-E's discrete VAE");
  }
}
