package io.github.vit4j.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.ImageFolder;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  /** Section 2.2 of the paper. */
  @ParameterizedTest
  @CsvSource({"TINY, 0.004, 0", "SMALL, 0.004, 0.05", "BASE, 0.003, 0.1", "LARGE, 0.003, 0.4"})
  void threeThingsDependsOnTheScale(ModelScale scale, double rate, double dropPath) {
    Recipe recipe = Recipe.threeThings224(scale);

    assertThat(recipe.optimization().rate()).isEqualTo(rate);
    assertThat(recipe.optimization().kind()).isEqualTo(OptimizerKind.LAMB);
    assertThat(recipe.dropPath()).isEqualTo(dropPath);
    assertThat(recipe.loss()).isEqualTo(LossKind.BINARY_CROSS_ENTROPY);
    assertThat(recipe.mixup()).isEqualTo(new Mixup(0.1, 1, 1, 0.5, 0));
    assertThat(recipe.augmentation().randAugment()).isEqualTo("rand-m7-n2-mstd0.5-inc1");
  }

  @ParameterizedTest
  @CsvSource({"SMALL, 0", "BASE, 0.15", "LARGE, 0.4"})
  void higherResolutionIsDeitThrees(ModelScale scale, double dropPath) {
    Recipe recipe = Recipe.threeThings384(scale);

    assertThat(recipe.imageSize()).isEqualTo(384);
    assertThat(recipe.dropPath()).isEqualTo(dropPath);
    assertThat(recipe.optimization().rate()).isEqualTo(recipe.optimization().finalRate());
    assertThat(recipe.augmentation().repeats()).isEqualTo(1);
  }

  /** The numbers of the paper's section 3.1 and appendix. */
  @Test
  void beitsNumbers() {
    Recipe pretrain = Recipe.beitPretrain();
    assertThat(pretrain.epochs()).isEqualTo(800);
    assertThat(pretrain.batch()).isEqualTo(2048);
    assertThat(pretrain.optimization())
        .isEqualTo(
            new Optimization(
                OptimizerKind.ADAMW, 1.5e-3, 0.05, 0.9, 3, ScheduleKind.COSINE, 10, 1e-6, 1e-5));
    assertThat(pretrain.mixup()).isEqualTo(Mixup.NONE);
    assertThat(pretrain.augmentation().jitter()).isEqualTo(0.4);
    assertThat(pretrain.dropPath()).isEqualTo(0.1);

    Recipe tune = Recipe.beitFineTune();
    assertThat(tune.optimization().rate()).isEqualTo(4e-3);
    assertThat(tune.optimization().warmupEpochs()).isEqualTo(20);
    assertThat(tune.batch()).isEqualTo(1024);
    assertThat(tune.epochs()).isEqualTo(100);
    assertThat(tune.augmentation().erasing()).isEqualTo(0.25);
  }

  @Test
  void smallerBatchesHaveSmallerRates() {
    Recipe small = Recipe.deitTransfer().scaledToBatch(96).withEpochs(50);

    assertThat(small.batch()).isEqualTo(96);
    assertThat(small.epochs()).isEqualTo(50);
    assertThat(small.optimization().rate()).isCloseTo(0.01 / 8, within(1e-12));
    assertThat(small.optimization().warmupRate()).isCloseTo(1e-6 / 8, within(1e-15));
    assertThat(small.optimization().weightDecay()).isEqualTo(1e-4);
    assertThat(small.optimization().withRate(1).rate()).isEqualTo(1);
  }

  @Test
  void changesKeepTheRest() {
    Recipe base = Recipe.threeThings384();
    Recipe changed =
        base.withImageSize(96)
            .withDropPath(0.2)
            .withEmaDecay(0.99)
            .withMixup(Mixup.NONE)
            .withLoss(LossKind.BINARY_CROSS_ENTROPY);

    assertThat(changed.imageSize()).isEqualTo(96);
    assertThat(changed.dropPath()).isEqualTo(0.2);
    assertThat(changed.emaDecay()).isEqualTo(0.99);
    assertThat(changed.optimization()).isEqualTo(base.optimization());
    assertThat(changed.augmentation()).isEqualTo(base.augmentation());
  }

  @Test
  void impossibleNumbersAreRefused() {
    Recipe recipe = Recipe.threeThings384();
    assertThatThrownBy(() -> recipe.withEpochs(0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a number of epochs");
    assertThatThrownBy(() -> recipe.withDropPath(1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> recipe.scaledToBatch(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> recipe.optimization().withRate(-1))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> recipe.withLoss(LossKind.BINARY_CROSS_ENTROPY))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be smoothed");
  }

  @Test
  void loadsAFolderAsItSays(@TempDir Path root) throws IOException {
    for (int i = 0; i < 12; i++) {
      Path folder = Files.createDirectories(root.resolve("class" + i % 2));
      byte[] rgb = new byte[3 * 40 * 50];
      Arrays.fill(rgb, (byte) (20 * i));
      ImageIO.write(
          RgbImage.of(50, 40, rgb).toBufferedImage(), "png", folder.resolve(i + ".png").toFile());
    }
    DataSplits data = ImageFolder.of(root);
    Recipe recipe = Recipe.threeThings384().withImageSize(32).withEpochs(2).scaledToBatch(4);

    try (BatchLoader loader = recipe.loader(data.train(), EvalTransform.ofSize(224), 5).start()) {
      assertThat(loader.stepsPerEpoch()).isEqualTo(2);
      int steps = 0;
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          assertThat(batch.pixels().remaining()).isEqualTo(4 * 3 * 32 * 32);
          assertThat(batch.targets().get(0) + batch.targets().get(1)).isCloseTo(1, within(1e-6f));
          steps++;
        }
      }
      assertThat(steps).isEqualTo(4);
    }
    assertThat(recipe.evaluation(EvalTransform.ofSize(224)).height()).isEqualTo(32);
    // ten images are fewer than a batch: one small batch an epoch instead of none
    try (BatchLoader loader =
        Recipe.deitTransfer()
            .withImageSize(32)
            .loader(data.train(), EvalTransform.ofSize(224), 5)
            .start()) {
      assertThat(loader.stepsPerEpoch()).isEqualTo(1);
    }
  }
}
