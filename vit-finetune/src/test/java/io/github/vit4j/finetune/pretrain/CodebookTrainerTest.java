package io.github.vit4j.finetune.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.ViTModel;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A codebook of one's own images. */
class CodebookTrainerTest {

  private static final EvalTransform SMALL = EvalTransform.ofSize(Stripes.SIDE).withCropRatio(1);

  @Test
  void wellSeparatedClustersAreFound() {
    int k = 6;
    int each = 200;
    Random random = new Random(2);
    float[] vectors = new float[k * each * 3];
    for (int i = 0; i < vectors.length; i++) {
      int cluster = i / 3 % k;
      double place = 10 * Math.cos(cluster * 2.0 + i % 3 * cluster);
      vectors[i] = (float) (place + 0.1 * random.nextGaussian());
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (long seed = 0; seed < 5; seed++) {
        KMeans.Found found = new KMeans(vectors, 3, seed).cluster(manager, k, 30);
        assertThat(found.inertia()).isCloseTo(0.03, within(0.01));
        TreeSet<Integer> used = new TreeSet<>();
        for (int i = 0; i < k; i++) {
          used.add(found.assigned()[i]);
          assertThat(found.assigned()[i + k]).isEqualTo(found.assigned()[i]);
        }
        assertThat(used).hasSize(k);
      }
    }
  }

  @Test
  void itLowersTheInertiaAndFollowsFromTheSeed() {
    Stripes images = new Stripes(40);
    CodebookTrainer trainer =
        CodebookTrainer.of(images, SMALL).vectors(new PixelVectors(4)).size(16);
    Codebook one = trainer.train();
    Codebook again = trainer.train();
    assertThat(one.size()).isEqualTo(16);
    assertThat(one.width()).isEqualTo(48);
    assertThat(again.centres()).isEqualTo(one.centres());
    assertThat(trainer.seed(1).train().centres()).isNotEqualTo(one.centres());
    // pixels are their own picture
    assertThat(one.colours()).containsExactly(one.centres(), within(1e-3f));
    for (float value : one.centres()) {
      assertThat(value).isBetween(0f, 1f);
    }
    assertThat(Arrays.stream(rows(one)).distinct().count()).isEqualTo(16);
  }

  private static String[] rows(Codebook codebook) {
    String[] rows = new String[codebook.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          Arrays.toString(
              Arrays.copyOfRange(
                  codebook.centres(), i * codebook.width(), (i + 1) * codebook.width()));
    }
    return rows;
  }

  @Test
  void aModelsFeaturesServeAsWell() {
    try (ViTModel model = Small.model(ViT.builder())) {
      FeatureVectors vectors = new FeatureVectors(model);
      Codebook codebook =
          CodebookTrainer.of(new Stripes(12), SMALL).vectors(vectors).size(8).train();
      assertThat(codebook.width()).isEqualTo(24);
      CodebookTarget target = new CodebookTarget(codebook, vectors);
      assertThat(target.identity()).contains("features after block 1 of a model with checksum");
      assertThatThrownBy(() -> new CodebookTarget(codebook))
          .hasMessageContaining("the codebook was made of features after block 1");
      assertThatThrownBy(() -> new FeatureVectors(model, 2))
          .hasMessageContaining("this model has blocks 0 to 1");
      model.network().namedParameters().get(0).array().muli(Float.NaN);
      assertThatThrownBy(
              () ->
                  CodebookTrainer.of(new Stripes(12), SMALL)
                      .vectors(new FeatureVectors(model))
                      .size(8)
                      .train())
          .hasMessageContaining("features after block 1")
          .hasMessageContaining("no finite numbers; take another model");
    }
  }

  @Test
  void whatIsNotPossibleIsSaid() {
    CodebookTrainer trainer =
        CodebookTrainer.of(new Stripes(2), SMALL).vectors(new PixelVectors(4));
    assertThatThrownBy(() -> trainer.size(500).train())
        .hasMessage(
            "a codebook of 500 entries cannot be made of 32 patches (2 images of 16); give a smaller size, or more images");
    assertThatThrownBy(() -> trainer.size(8).samples(2).train())
        .hasMessageContaining("cannot be made of a sample of 2 patches");
    assertThatThrownBy(() -> trainer.size(1)).hasMessageContaining("give 2 to 65536");
    assertThatThrownBy(() -> trainer.samples(0)).hasMessageContaining("nothing to learn from");
    assertThatThrownBy(() -> trainer.iterations(0)).hasMessageContaining("move nothing");
    assertThatThrownBy(
            () -> CodebookTrainer.of(new Stripes(2), SMALL).vectors(new PixelVectors(5)).train())
        .hasMessageContaining("cannot be cut into patches of 5");
    assertThatThrownBy(() -> new PixelVectors(0)).hasMessageContaining("give 1 to 256");
    Stripes plain = new Stripes(8, 1);
    assertThatThrownBy(
            () -> CodebookTrainer.of(plain, SMALL).vectors(new PixelVectors(4)).size(4).train())
        .hasMessageContaining("there are only 1 different patches in the sample");
  }
}
