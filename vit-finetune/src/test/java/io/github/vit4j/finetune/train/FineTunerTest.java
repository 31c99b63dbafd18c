package io.github.vit4j.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.loss.SoftDistillation;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.LinearProbe;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.finetune.task.SharedBackbone;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves, what it refuses, and what it survives. */
class FineTunerTest {

  @TempDir Path folder;
  private ViTModel model;

  @BeforeEach
  void open() {
    model = Tiny.model();
  }

  @AfterEach
  void close() {
    model.close();
  }

  private FineTuner tuner() {
    return Tiny.tuner(model, folder.resolve("run"));
  }

  @Test
  void itLearnsAndLeavesAModelWithTheNewClassesAtTheNewSize() throws IOException {
    DataSplits data = Patches.splits(48, 24);
    FineTuner tuner =
        tuner().data(data).recipe(Tiny.recipe().withEmaDecay(0)).resolution(24).epochs(6);
    try (FineTuneResult result = tuner.fit()) {
      assertThat(result.notes())
          .containsExactly("the model knew 5 classes and the data has 3; a new head is trained");
      assertThat(result.epochs()).hasSize(6);
      assertThat(result.best().top1()).isGreaterThan(90);
      assertThat(result.best().meanClass()).isEqualTo(result.best().top1());
      assertThat(result.best().top5()).isEqualTo(100);
      assertThat(result.model().labels())
          .extracting(Label::name)
          .containsExactly("red", "green", "blue");
      Path saved = folder.resolve("saved.safetensors");
      result.save(saved);
      try (ViTModel again = ViTModel.open(saved)) {
        assertThat(again.preprocessing().height()).isEqualTo(24);
        int right = 0;
        for (int i = 0; i < 24; i++) {
          String best = again.classify(data.validation().image(i)).best().getClassName();
          right += best.equals(data.validation().classes().get(data.validation().label(i))) ? 1 : 0;
        }
        assertThat(100.0 * right / 24).isEqualTo(result.best().top1());
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains(
              "run.json",
              "best.safetensors",
              "last.safetensors",
              "metrics.csv",
              "events",
              "curves.png",
              "confusion.csv",
              "confusion.png",
              "train.log");
    }
    assertThat(Files.readString(folder.resolve("run/run.json")))
        .contains("\"linear route\"", "\"engine threads\"", "\"cpu\"", "recipe.optimization.rate");
  }

  @Test
  void inBfloat16ItLearnsAsMuch() {
    assumeTrue(OneDnn.hasBfloat16());
    DataSplits data = Patches.splits(48, 24);
    FineTuner tuner =
        tuner()
            .data(data)
            .recipe(Tiny.recipe().withEmaDecay(0))
            .precision(Precision.BFLOAT16)
            .epochs(6);
    try (FineTuneResult result = tuner.fit()) {
      assertThat(result.best().top1()).isGreaterThan(90);
      assertThat(result.folder().resolve("run.json")).content().contains("BFLOAT16");
    }
  }

  @Test
  void theGivenModelStaysAsItIsAndOnlyWhatTheStrategyNamesMoves() {
    String before = Fingerprint.of(model.network());
    FineTuner tuner = tuner().strategy(new FreezeAllButAttention()).epochs(1);
    try (FineTuneResult result = tuner.recipe(Tiny.recipe().withEmaDecay(0)).fit()) {
      List<ViTParameter> old = model.network().namedParameters();
      List<ViTParameter> now = result.model().network().namedParameters();
      for (int i = 0; i < old.size(); i++) {
        ViTParameter p = old.get(i);
        boolean trains =
            switch (p.role()) {
              case ATTENTION, POS_EMBED, HEAD -> true;
              default -> false;
            };
        boolean same =
            p.shape().equals(now.get(i).shape())
                && Arrays.equals(p.array().toFloatArray(), now.get(i).array().toFloatArray());
        assertThat(same).as(p.path()).isEqualTo(!trains);
      }
    }
    assertThat(Fingerprint.of(model.network())).isEqualTo(before);
  }

  @Test
  void theTaskFileMakesTheTrainedModelOfTheGivenOne() {
    try (FineTuneResult result =
            tuner().strategy(new FreezeAllButAttention()).resolution(24).epochs(1).fit();
        SharedBackbone shared = SharedBackbone.of(model)) {
      shared.task("patches", result.task());
      RgbImage image = RgbImage.of(20, 20, new byte[20 * 20 * 3]);
      assertThat(shared.model("patches").logits(List.of(image)))
          .isDeepEqualTo(result.model().logits(List.of(image)));
    }
  }

  @Test
  void aHeadOfTheSameClassesIsKept() {
    try (FineTuneResult first = tuner().epochs(1).fit();
        FineTuneResult second =
            Tiny.tuner(first.model(), folder.resolve("second")).epochs(1).fit()) {
      assertThat(first.notes()).anyMatch(n -> n.endsWith("a new head is trained"));
      assertThat(second.notes()).noneMatch(n -> n.endsWith("a new head is trained"));
    }
  }

  @Test
  void portionsAddUpToTheirBatch() {
    // nothing here depends on the other images of a batch
    var plain = Tiny.recipe().withEmaDecay(0).withDropPath(0);
    try (ViTModel dull = Tiny.model(Tiny.plain())) {
      FineTuner whole = Tiny.tuner(dull, folder.resolve("whole")).recipe(plain).microBatch(8);
      FineTuner parts = Tiny.tuner(dull, folder.resolve("parts")).recipe(plain).microBatch(2);
      try (FineTuneResult a = whole.epochs(1).fit();
          FineTuneResult b = parts.epochs(1).fit()) {
        assertThat(b.best().trainLoss()).isCloseTo(a.best().trainLoss(), within(1e-5));
        assertThat(b.best().loss()).isCloseTo(a.best().loss(), within(1e-4));
      }
    }
  }

  /** An image counts as much as any other of its batch, whatever its portion has lost. */
  @Test
  void portionsAddUpToTheirBatchAlsoWhereImagesCannotBeRead() {
    var plain =
        Tiny.recipe()
            .withEmaDecay(0)
            .withDropPath(0)
            .withOptimization(
                new Optimization(OptimizerKind.SGD, 0.05, 0, 0, 0, ScheduleKind.CONSTANT, 0, 0, 0));
    DataSplits data = Patches.splits(24, 11);
    ((Patches) data.train()).broken.addAll(List.of(0, 1, 2, 5, 7, 10, 11, 16, 17, 20));
    try (ViTModel dull = Tiny.model(Tiny.plain())) {
      List<EpochMetrics> epochs = new ArrayList<>();
      for (int portion : List.of(8, 4, 1)) {
        FineTuner tuner =
            Tiny.tuner(dull, folder.resolve("of" + portion))
                .data(data)
                .recipe(plain)
                .microBatch(portion)
                .skipUnreadable(true)
                .epochs(1);
        try (FineTuneResult result = tuner.fit()) {
          epochs.add(result.best());
        }
      }
      EpochMetrics whole = epochs.get(0);
      assertThat(epochs)
          .allSatisfy(
              parts -> {
                assertThat(parts.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-5));
                assertThat(parts.trainLoss()).isCloseTo(whole.trainLoss(), within(1e-5));
                assertThat(parts.loss()).isCloseTo(whole.loss(), within(1e-5));
              });
    }
  }

  @Test
  void aDistilledModelTrainsBothHeadsAndMayHaveATeacher() {
    try (ViTModel two = Tiny.model(Tiny.builder().distillationToken());
        FineTuneResult teacher = tuner().epochs(1).fit()) {
      FineTuner alone = Tiny.tuner(two, folder.resolve("alone")).epochs(1);
      FineTuner hard = Tiny.tuner(two, folder.resolve("hard")).epochs(1).teacher(teacher.model());
      FineTuner soft =
          Tiny.tuner(two, folder.resolve("soft"))
              .epochs(1)
              .teacher(teacher.model(), loss -> new SoftDistillation(loss, 0.5, 3));
      List<Double> losses = new ArrayList<>();
      for (FineTuner tuner : List.of(alone, hard, soft)) {
        try (FineTuneResult result = tuner.fit()) {
          losses.add(result.best().trainLoss());
        }
      }
      assertThat(losses).doesNotHaveDuplicates().allMatch(Double::isFinite);
      assertThatThrownBy(tuner().resolution(24).teacher(teacher.model())::fit)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("the teacher reads 16 x 16 pixels");
      assertThatThrownBy(tuner().teacher(model)::fit)
          .hasMessageContaining("the teacher knows 5 classes and the data has 3");
    }
  }

  @Test
  void lowRankBranchesAreMergedIntoWhatIsSaved() {
    try (FineTuneResult result = tuner().strategy(new LoRA(2)).epochs(2).fit()) {
      VisionTransformer network = result.model().network();
      assertThat(network.lowRank().isPresent()).isFalse();
      assertThat(network.namedParameters())
          .hasSameSizeAs(model.network().namedParameters())
          .isNotEmpty();
    }
  }

  @Test
  void lowRankBranchesAreATaskOfTheirOwn() throws IOException {
    try (FineTuneResult result = tuner().strategy(new LoRA(2)).epochs(2).fit();
        SharedBackbone shared = SharedBackbone.of(model)) {
      ViTModel task = shared.task("shapes", result.task());
      assertThat(task.network().lowRank().unmerged()).isPresent();
      assertThat(Files.size(result.task()))
          .isLessThan(Files.size(result.folder().resolve("best.safetensors")) / 2);
      ImageDataset some = Patches.splits(6, 6).validation();
      List<RgbImage> images = List.of(some.image(0), some.image(1));
      float[][] merged = result.model().logits(images);
      float[][] beside = task.logits(images);
      for (int i = 0; i < images.size(); i++) {
        for (int c = 0; c < merged[i].length; c++) {
          assertThat(beside[i][c]).isCloseTo(merged[i][c], within(1e-4f));
        }
      }
    }
  }

  @Test
  void itDoesNotMatterWhichThreadTrains() throws Exception {
    Path here = folder.resolve("here");
    Path there = folder.resolve("there");
    Tiny.tuner(model, here).strategy(new LoRA(2)).epochs(2).fit().close();
    // in threads that are not the first the engine records gradients unless it is told not to
    CompletableFuture.runAsync(
            () -> Tiny.tuner(model, there).strategy(new LoRA(2)).epochs(2).fit().close())
        .get();
    assertThat(Files.readAllBytes(there.resolve("last.safetensors")))
        .isEqualTo(Files.readAllBytes(here.resolve("last.safetensors")));
  }

  @Test
  void otherOptimisersTrainToo() {
    for (OptimizerKind kind : List.of(OptimizerKind.LAMB, OptimizerKind.SGD)) {
      var old = Tiny.recipe().optimization();
      var chosen =
          new Optimization(
              kind,
              old.rate(),
              old.weightDecay(),
              old.momentum(),
              0,
              old.schedule(),
              0,
              0,
              old.finalRate());
      FineTuner tuner =
          Tiny.tuner(model, folder.resolve(kind.name()))
              .recipe(Tiny.recipe().withOptimization(chosen))
              .layerDecay(0.8);
      try (FineTuneResult result = tuner.epochs(2).fit()) {
        assertThat(result.epochs()).extracting(EpochMetrics::trainLoss).allMatch(Double::isFinite);
      }
    }
  }

  @Test
  void itStopsWhenItGetsNoBetter() {
    var still = Tiny.recipe().withOptimization(Tiny.recipe().optimization().scaled(1e-12));
    FineTuner tuner = tuner().recipe(still.withEmaDecay(0)).strategy(new LinearProbe());
    try (FineTuneResult result = tuner.epochs(9).earlyStop(2).fit()) {
      assertThat(result.stoppedEarly()).isTrue();
      assertThat(result.epochs().size()).isLessThan(9);
    }
  }

  @Test
  void memoryStaysConstantOverSteps() {
    List<Integer> managed = new ArrayList<>();
    NDManager[] owner = new NDManager[1];
    FineTuneStrategy spy =
        new FineTuneStrategy() {
          @Override
          public boolean trains(ViTParameter parameter) {
            return true;
          }

          @Override
          public FineTuneStrategy prepare(VisionTransformer vit) {
            owner[0] = vit.namedParameters().get(0).array().getManager();
            return this;
          }
        };
    TrainListener counter =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            managed.add(managed(owner[0]));
          }
        };
    tuner().strategy(spy).listener(counter).epochs(4).fit().close();
    assertThat(managed).hasSize(12).containsOnly(managed.get(0));
  }

  private static int managed(NDManager manager) {
    try {
      var field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      int count = 0;
      for (Object held : ((Map<?, ?>) field.get(manager)).values()) {
        count += 1 + (held instanceof NDManager inner ? managed(inner) : 0);
      }
      return count;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAndKeepsTheGoodCheckpoint() {
    ViTParameter positions =
        model.network().namedParameters().stream()
            .filter(p -> p.path().equals("pos_embed"))
            .findFirst()
            .orElseThrow();
    positions.array().set(new NDIndex("0, 0, 0"), Float.NaN);
    assertThatThrownBy(tuner().epochs(9)::fit)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("training has diverged: 10 steps in a row had to be skipped")
        .hasMessageContaining("the loss was NaN");
    assertThat(folder.resolve("run/state-000000010.safetensors")).doesNotExist();
  }

  @Test
  void anUnreadableImageEndsTheRunAfterACheckpointOrIsLeftOut() {
    DataSplits data = Patches.splits(24, 11);
    Patches train = (Patches) data.train();
    train.broken.add(7);
    assertThatThrownBy(tuner().data(data)::fit)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("patch/7 is broken; replace it");
    try (FineTuneResult result = tuner().data(data).skipUnreadable(true).fit()) {
      assertThat(result.unreadable()).containsExactly("patch/7");
      assertThat(result.notes()).anyMatch(n -> n.startsWith("patch/7 is left out: "));
    }
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsSaidAndNoReasonToStop() throws IOException {
    Path blocked = folder.resolve("run/state-000000002.safetensors");
    TrainListener block =
        new TrainListener() {
          @Override
          public void began(RunPlan plan) {
            try {
              Files.createDirectories(blocked.resolve("full"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    try (FineTuneResult result = tuner().listener(block).fit()) {
      assertThat(result.notes())
          .anyMatch(n -> n.startsWith("a checkpoint could not be written: "))
          .hasSize(2);
      assertThat(result.epochs()).hasSize(3);
    }
  }

  @Test
  void aDeletedFolderIsMadeAgain() throws IOException {
    TrainListener vandal =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            if (metrics.step() == 4) {
              delete(folder.resolve("run"));
            }
          }
        };
    try (FineTuneResult result = tuner().listener(vandal).fit()) {
      assertThat(result.notes()).anyMatch(n -> n.contains("somebody deleted"));
      assertThat(result.epochs()).hasSize(3);
    }
    assertThat(folder.resolve("run/run.json")).exists();
    assertThat(folder.resolve("run/last.safetensors")).exists();
    assertThat(folder.resolve("run/events")).isNotEmptyDirectory();
  }

  /** A lock on a file that was deleted would keep nobody out. */
  @Test
  void aFolderThatIsMadeAgainIsLockedAgain() {
    List<String> refusals = new ArrayList<>();
    TrainListener vandal =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            if (metrics.step() == 4) {
              delete(folder.resolve("run"));
            } else if (metrics.step() == 8) {
              try (ViTModel other = Tiny.model()) {
                Tiny.tuner(other, folder.resolve("run")).fit();
              } catch (BadInputException e) {
                refusals.add(e.getMessage());
              }
            }
          }
        };
    tuner().listener(vandal).fit().close();
    assertThat(refusals).singleElement().asString().contains("another run writes to");
  }

  /** Each is the only image of its portion. */
  @Test
  void portionsWithoutAReadableImageAreLeftOut() {
    DataSplits data = Patches.splits(6, 3);
    ((Patches) data.train()).broken.addAll(List.of(1, 2));
    ((Patches) data.validation()).broken.add(2);
    FineTuner tuner = tuner().data(data).batch(1).microBatch(1).skipUnreadable(true);
    try (FineTuneResult result = tuner.fit()) {
      assertThat(result.epochs()).hasSize(3).allMatch(epoch -> epoch.skippedSteps() == 0);
      assertThat(result.notes()).filteredOn(n -> n.contains("left out")).hasSize(2); // by name
    }
  }

  @Test
  void aModelOfOblongImagesIsNotTrainedSquareUnasked() {
    try (ViTModel oblong = Tiny.model(ViT.builder().tiny().depth(1).imageSize(16, 32))) {
      FineTuner tuner =
          FineTuner.of(oblong).data(Patches.splits(6, 3)).onto(folder.resolve("oblong"));
      assertThatThrownBy(tuner::fit)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("16 x 32");
    }
  }

  @Test
  void stochasticDepthThatGrowsGoesOnGrowing() {
    try (ViTModel grows = Tiny.model(Tiny.builder().dropPathIncreasing(0.3));
        FineTuneResult result = Tiny.tuner(grows, folder.resolve("run")).epochs(1).fit()) {
      assertThat(result.model().network().config().dropPathIncreasing()).isTrue();
      assertThat(result.model().network().config().dropPath()).isEqualTo(0.1);
    }
  }

  private static void delete(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void impossibleChoicesAreRefused() throws IOException {
    assertThatThrownBy(FineTuner.of(model).onto(folder)::fit).hasMessageContaining("data(...)");
    assertThatThrownBy(FineTuner.of(model).data(Patches.splits(4, 4))::fit)
        .hasMessageContaining("onto(...)");
    assertThatThrownBy(tuner().resolution(18)::fit)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("18");
    assertThatThrownBy(tuner().microBatch(3)::fit)
        .hasMessageContaining("a batch of 8 images cannot be made of portions of 3");
    List<String> one = List.of("only");
    assertThatThrownBy(
            tuner().data(new DataSplits(new Patches(4, 1, one), new Patches(4, 2, one)))::fit)
        .hasMessageContaining("the training images are of 1 class");
    DataSplits mixed = Patches.splits(9, 6);
    assertThatThrownBy(
            tuner().data(new DataSplits(mixed.train().subset(1, 4, 7), mixed.validation()))::fit)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("all training images here (3) are of one class, 'green'");
    try (ViTModel grey = Tiny.model(Tiny.builder().channels(1))) {
      assertThatThrownBy(Tiny.tuner(grey, folder.resolve("grey"))::fit)
          .hasMessageContaining("the model reads 1 channels, but images have 3");
    }
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "all my work");
    assertThatThrownBy(tuner().onto(foreign)::fit).hasMessageContaining("holds other files");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void singleImagesTrainEvenWithBatchNorm() {
    try (FineTuneResult result = tuner().microBatch(1).epochs(1).fit()) {
      assertThat(result.notes()).anyMatch(n -> n.startsWith("BatchNorm in the stem learns"));
      assertThat(result.best().trainLoss()).isFinite();
    }
  }
}
