package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.ErasingMode;
import io.github.vit4j.finetune.augment.ImageTransform;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.augment.RandomErasing;
import io.github.vit4j.finetune.augment.SampleTransform;
import io.github.vit4j.finetune.augment.TrainTransform;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchLoaderTest {

  private static final EvalTransform PREPROCESSING = EvalTransform.ofSize(16);
  private static final SampleTransform PLAIN = SampleTransform.of(PREPROCESSING);
  private static final SampleTransform HEAVY =
      Augmentation.BASIC
          .withRandAugment("rand-m9-mstd0.5-inc1")
          .withThreeAugment(true)
          .withJitter(0.3)
          .withErasing(0.5)
          .transform(PREPROCESSING);

  /** A batch as it was before it was closed. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Seen(int epoch, int step, float[] pixels, float[] targets, int[] labels) {
    static Seen of(ImageBatch batch) {
      return new Seen(
          batch.epoch(),
          batch.step(),
          array(batch.pixels()),
          array(batch.targets()),
          batch.labels());
    }

    String summary() {
      return epoch
          + "."
          + step
          + " "
          + Arrays.hashCode(pixels)
          + " "
          + Arrays.hashCode(targets)
          + " "
          + Arrays.toString(labels);
    }
  }

  private static float[] array(FloatBuffer buffer) {
    assertThat(buffer.isDirect()).isTrue();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static List<Seen> all(BatchLoader loader) {
    List<Seen> seen = new ArrayList<>();
    while (loader.hasNext()) {
      try (ImageBatch batch = loader.next()) {
        seen.add(Seen.of(batch));
      }
    }
    return seen;
  }

  private static BatchLoaderSettings heavy(ImageDataset data) {
    return BatchLoader.of(data, HEAVY)
        .batch(8)
        .sampler(Sampler.shuffled(data.size(), 3))
        .mixup(new Mixup(0.8, 1, 0.1))
        .seed(11);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void batchesAreTheSameWithAnyNumberOfThreads(int threads) {
    ImageDataset data = new MadeImages(53, 7, 20);
    List<String> expected;
    List<UnreadableSample> skipped;
    try (BatchLoader one = heavy(data).threads(1).epochs(3).skipUnreadable(true).start()) {
      expected = all(one).stream().map(Seen::summary).toList();
      skipped = one.unreadable();
    }
    try (BatchLoader many =
        heavy(data).threads(threads).prefetch(4).epochs(3).skipUnreadable(true).start()) {
      assertThat(all(many).stream().map(Seen::summary)).isEqualTo(expected);
      assertThat(many.unreadable()).isEqualTo(skipped);
    }
    assertThat(expected).hasSize(21).doesNotHaveDuplicates();
    assertThat(skipped).extracting(UnreadableSample::index).containsExactly(7, 20);
    assertThat(skipped.get(0).problem()).contains("made/7.png is broken");
  }

  @Test
  void pixelsAreWhatTheTransformGives() {
    MadeImages data = new MadeImages(5);
    try (BatchLoader loader = BatchLoader.of(data, PLAIN).batch(3).epochs(1).start()) {
      List<Seen> seen = all(loader);

      assertThat(seen).extracting(Seen::step).containsExactly(0, 1);
      float[] second = Arrays.copyOfRange(seen.get(0).pixels, 768, 1536);
      assertThat(second).isEqualTo(PREPROCESSING.apply(data.image(1)));
      assertThat(seen.get(1).labels).containsExactly(3, 4);
      assertThat(seen.get(1).targets).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
    }
  }

  @Test
  void anotherSeedDrawsOtherImages() {
    ImageDataset data = new MadeImages(16);
    try (BatchLoader one = heavy(data).start();
        BatchLoader other = heavy(data).seed(12).start()) {
      assertThat(Seen.of(one.next()).summary()).isNotEqualTo(Seen.of(other.next()).summary());
    }
  }

  @Test
  void augmentationFollowsTheImageNotItsPlace() {
    ImageDataset data = new MadeImages(6);
    try (BatchLoader forward = BatchLoader.of(data, HEAVY).batch(6).seed(1).start();
        BatchLoader single = BatchLoader.of(data, HEAVY).batch(1).seed(1).start()) {
      float[] whole = array(forward.next().pixels());
      for (int i = 0; i < 6; i++) {
        try (ImageBatch batch = single.next()) {
          assertThat(array(batch.pixels()))
              .isEqualTo(Arrays.copyOfRange(whole, i * 768, (i + 1) * 768));
        }
      }
    }
  }

  @Test
  void seekingGoesOnWithoutReplaying() {
    MadeImages data = new MadeImages(40);
    List<String> expected;
    try (BatchLoader whole = heavy(data).epochs(4).start()) {
      expected = all(whole).stream().map(Seen::summary).toList();
    }
    data.decoded.set(0);
    try (BatchLoader resumed = heavy(data).epochs(4).prefetch(1).start()) {
      assertThat(Seen.of(resumed.next()).summary()).isEqualTo(expected.get(0));
      resumed.seek(3, 1);
      assertThat(all(resumed).stream().map(Seen::summary))
          .isEqualTo(expected.subList(3 * 5 + 1, 20));
      resumed.seek(1, 5);
      try (ImageBatch batch = resumed.next()) {
        assertThat(batch.epoch()).isEqualTo(2);
        assertThat(batch.step()).isZero();
        assertThat(batch.isLastOfEpoch()).isFalse();
      }
      assertThat(data.decoded.get()).isLessThan(120);
      assertThatThrownBy(() -> resumed.seek(0, 6))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no step 6");
    }
  }

  @Test
  void theRemainderIsDroppedKeptOrPadded() {
    ImageDataset data = new MadeImages(10);
    BatchLoaderSettings settings = BatchLoader.of(data, PLAIN).batch(4).epochs(1);
    try (BatchLoader drop = settings.remainder(Remainder.DROP).start();
        BatchLoader keep = settings.remainder(Remainder.KEEP).start();
        BatchLoader pad = settings.remainder(Remainder.PAD).start()) {
      assertThat(drop.stepsPerEpoch()).isEqualTo(2);
      assertThat(all(drop)).hasSize(2);
      assertThat(all(keep).get(2).labels).containsExactly(3, 4);
      pad.seek(0, 2);
      try (ImageBatch last = pad.next()) {
        assertThat(last.isLastOfEpoch()).isTrue();
        assertThat(last.size()).isEqualTo(2);
        assertThat(last.rows()).isEqualTo(4);
        assertThat(last.labels()).containsExactly(3, 4, -1, -1);
        assertThat(Arrays.copyOfRange(array(last.pixels()), 2 * 768, 4 * 768)).containsOnly(0);
        assertThat(Arrays.copyOfRange(array(last.targets()), 10, 20)).containsOnly(0);
      }
    }
    assertThatThrownBy(() -> settings.batch(11).remainder(Remainder.DROP).start())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a batch of 11 is larger than the 10 images");
    try (BatchLoader large = settings.batch(11).start()) {
      assertThat(all(large).get(0).labels).hasSize(10);
    }
  }

  @Test
  void aBrokenImageEndsTheRunByNameUnlessSkippingIsAllowed() {
    MadeImages data = new MadeImages(9, 4);
    BatchLoaderSettings settings = BatchLoader.of(data, PLAIN).batch(3).epochs(1).threads(2);
    try (BatchLoader strict = settings.start()) {
      strict.next().close();
      assertThatThrownBy(strict::next)
          .isInstanceOf(BadInputException.class)
          .hasMessage("Image made/4.png is broken: replace it.");
      // nothing of the rest is lost
      try (ImageBatch last = strict.next()) {
        assertThat(last.labels()).containsExactly(1, 2, 3);
      }
      assertThat(strict.hasNext()).isFalse();
      assertThatThrownBy(strict::next).isInstanceOf(NoSuchElementException.class);
    }
    try (BatchLoader lenient = settings.skipUnreadable(true).start()) {
      List<Seen> seen = all(lenient);
      assertThat(seen.get(1).labels).containsExactly(3, 0);
      assertThat(Arrays.copyOfRange(seen.get(1).pixels, 768, 1536))
          .isEqualTo(PREPROCESSING.apply(data.image(5)));
      assertThat(lenient.unreadable())
          .containsExactly(
              new UnreadableSample(4, "made/4.png", "Image made/4.png is broken: replace it."));
    }
  }

  @Test
  void nothingButBrokenImagesIsAnErrorEvenThen() {
    try (BatchLoader loader =
        BatchLoader.of(new MadeImages(2, 0, 1), PLAIN).skipUnreadable(true).start()) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("none of the 2 images can be read")
          .hasMessageContaining("made/0.png");
    }
  }

  /** As the last batch of one image, which would otherwise end a run at the same place for ever. */
  @Test
  void aBatchMayBeWithoutAnImage() {
    try (BatchLoader loader =
        BatchLoader.of(new MadeImages(5, 2, 3, 4), PLAIN)
            .batch(2)
            .epochs(2)
            .skipUnreadable(true)
            .mixup(new Mixup(0.8, 1, 0.1))
            .start()) {
      List<Integer> sizes = all(loader).stream().map(seen -> seen.labels.length).toList();
      assertThat(sizes).containsExactly(2, 0, 0, 2, 0, 0);
      loader.seek(1, 2);
      assertThat(all(loader)).hasSize(1);
    }
  }

  @Test
  void errorsOfOtherKindsReachTheCallerToo() {
    ImageDataset data = new MadeImages(4);
    SampleTransform failing =
        new SampleTransform() {
          @Override
          public int height() {
            return 16;
          }

          @Override
          public int width() {
            return 16;
          }

          @Override
          public void apply(RgbImage image, FloatBuffer out, RandomGenerator random) {
            throw new UnsupportedOperationException("no");
          }
        };
    try (BatchLoader loader = BatchLoader.of(data, failing).skipUnreadable(true).start()) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("no");
    }
  }

  @Test
  void messagesOfTransformsNameTheImage() {
    SampleTransform crop =
        new TrainTransform(
            ImageTransform.NONE, PREPROCESSING, new RandomErasing(0, ErasingMode.CONST));
    try (BatchLoader loader = BatchLoader.of(new MadeImages(4), crop).start()) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("made/0.png: the augmentation made an image of 24 x 20");
    }
  }

  @Test
  void memoryIsNotReusedBeforeTheBatchIsClosed() {
    ImageDataset data = new MadeImages(64);
    try (BatchLoader loader = heavy(data).prefetch(1).start()) {
      ImageBatch held = loader.next();
      String before = Seen.of(held).summary();
      for (int i = 0; i < 20; i++) {
        loader.next().close();
      }
      assertThat(Seen.of(held).summary()).isEqualTo(before);
      try (ImageBatch second = loader.next()) {
        assertThat(second.size()).isEqualTo(8);
        assertThatThrownBy(loader::next)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("2 batches are open");
      }
      held.close();
      held.close();
      assertThatThrownBy(held::pixels)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      loader.next().close();
    }
  }

  @Test
  void closedLoadersGiveNothing() {
    BatchLoader loader = heavy(new MadeImages(8)).start();
    ImageBatch open = loader.next();
    loader.close();
    assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class);
    assertThat(open.pixels().remaining()).isEqualTo(8 * 768);
    open.close();
    loader.close();
  }

  @Test
  void countsWhatItDid() {
    try (BatchLoader loader = heavy(new MadeImages(20)).epochs(2).start()) {
      all(loader);
      LoaderStats stats = loader.stats();
      assertThat(stats.batches()).isEqualTo(6);
      assertThat(stats.images()).isEqualTo(40);
      assertThat(stats.prepared()).isEqualTo(40);
      assertThat(stats.waited()).isLessThanOrEqualTo(stats.elapsed());
      assertThat(stats.imagesPerWorkerSecond()).isPositive();
      assertThat(stats.toString()).startsWith("6 batches, 40 images");
      loader.resetStats();
      assertThat(loader.stats().images()).isZero();
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    MadeImages data = new MadeImages(4);
    BatchLoaderSettings settings = BatchLoader.of(data, PLAIN);
    assertThatThrownBy(() -> settings.batch(0))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a batch cannot have 0 images; give 1 to 65536");
    assertThatThrownBy(() -> settings.threads(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> settings.prefetch(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> settings.epochs(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> settings.sampler(Sampler.sequential(5)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("for 5 images, but the data set has 4");
    assertThatThrownBy(() -> BatchLoader.of(new MadeImages(4).mislabelled(3), PLAIN).start())
        .isInstanceOf(BadInputException.class)
        .hasMessage("made/3.png has the label 5, but there are 5 classes; labels run from 0 to 4");
    EvalTransform huge = EvalTransform.ofSize(2000).withCropRatio(1);
    assertThatThrownBy(() -> BatchLoader.of(data, SampleTransform.of(huge)).batch(1000).start())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("use smaller batches");
  }
}
