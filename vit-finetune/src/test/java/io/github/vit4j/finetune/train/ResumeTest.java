package io.github.vit4j.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vit4j.ViT;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was cut off comes to the same weights; one with other settings is refused. */
class ResumeTest {

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

  /** Throws, or interrupts, after a step. */
  private record Stop(long after, boolean politely) implements TrainListener {
    @Override
    public void step(StepMetrics metrics) {
      if (metrics.step() == after) {
        if (politely) {
          Thread.currentThread().interrupt();
        } else {
          throw new IllegalStateException("stopped here");
        }
      }
    }
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve(RunFolder.LAST));
  }

  private static byte[] finish(FineTuner tuner, Path run) throws IOException {
    tuner.fit().close();
    return weights(run);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutOffAnywhereItComesToTheSameBits(boolean politely) throws IOException {
    Path whole = folder.resolve("whole");
    byte[] expected = finish(Tiny.tuner(model, whole), whole);

    Path cut = folder.resolve("cut");
    for (long after : new long[] {1, 3, 5, 8}) {
      FineTuner tuner = Tiny.tuner(model, cut).listener(new Stop(after, politely));
      assertThatThrownBy(tuner::fit)
          .isInstanceOf(politely ? CancellationException.class : IllegalStateException.class);
      assertThat(Thread.interrupted()).isEqualTo(politely);
    }
    assertThat(finish(Tiny.tuner(model, cut), cut)).isEqualTo(expected);
    assertThat(Files.readAllBytes(cut.resolve(RunFolder.BEST)))
        .isEqualTo(Files.readAllBytes(whole.resolve(RunFolder.BEST)));
    assertThat(new RunFolderFiles(cut).states()).hasSize(2);
    assertThat(metrics(cut)).isEqualTo(metrics(whole));
  }

  /** Dropout and stochastic depth draw the same whenever a block is computed. */
  @Test
  void soItDoesInBfloat16WithBlocksComputedAgain() throws IOException {
    UnaryOperator<FineTuner> choices =
        tuner ->
            tuner
                .recompute()
                .precision(OneDnn.hasBfloat16() ? Precision.BFLOAT16 : Precision.FLOAT32);
    Path whole = folder.resolve("whole");
    byte[] expected = finish(choices.apply(Tiny.tuner(model, whole)), whole);
    Path cut = folder.resolve("cut");
    FineTuner tuner = choices.apply(Tiny.tuner(model, cut)).listener(new Stop(5, false));
    assertThatThrownBy(tuner::fit).hasMessage("stopped here");
    assertThat(finish(choices.apply(Tiny.tuner(model, cut)), cut)).isEqualTo(expected);

    assumeTrue(OneDnn.hasBfloat16());
    assertThatThrownBy(() -> Tiny.tuner(model, cut).fit())
        .hasMessageContaining("precision was BFLOAT16 and is not there");
  }

  /**
   * Without draws, keeping less changes nothing; going on without it is said, as bits may differ.
   */
  @Test
  void blocksComputedAgainComeToTheSameBits() throws IOException {
    try (ViTModel plain = Tiny.model(Tiny.plain())) {
      Path usual = folder.resolve("usual");
      byte[] expected = finish(Tiny.tuner(plain, usual).recipe(still()), usual);
      Path less = folder.resolve("less");
      byte[] found = finish(Tiny.tuner(plain, less).recipe(still()).recompute(), less);
      assertThat(found).isEqualTo(expected);
      try (FineTuneResult result = Tiny.tuner(plain, less).recipe(still()).fit()) {
        assertThat(result.notes()).anyMatch(n -> n.contains("recompute was true"));
      }
    }
  }

  private static Recipe still() {
    Recipe recipe = Tiny.recipe();
    return new Recipe(
        recipe.name(),
        recipe.imageSize(),
        recipe.cropRatio(),
        recipe.epochs(),
        recipe.batch(),
        recipe.optimization(),
        recipe.augmentation(),
        recipe.mixup(),
        recipe.loss(),
        0,
        recipe.emaDecay());
  }

  /** Without the columns of times. */
  private static List<String> metrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve(RunFolder.METRICS)).stream()
        .map(line -> String.join(",", Arrays.copyOf(line.split(","), 10)))
        .toList();
  }

  private record RunFolderFiles(Path run) {
    List<Path> states() throws IOException {
      try (var files = Files.list(run)) {
        return files.filter(f -> f.getFileName().toString().startsWith("state-")).sorted().toList();
      }
    }
  }

  @Test
  void anOlderCheckpointServesWhereTheNewestIsBroken() throws IOException {
    Path whole = folder.resolve("whole");
    byte[] expected = finish(Tiny.tuner(model, whole), whole);
    Path cut = folder.resolve("cut");
    assertThatThrownBy(Tiny.tuner(model, cut).listener(new Stop(5, false))::fit)
        .hasMessage("stopped here");
    List<Path> states = new RunFolderFiles(cut).states();
    byte[] newest = Files.readAllBytes(states.get(1));
    newest[newest.length - 5] ^= 1;
    Files.write(states.get(1), newest);

    try (FineTuneResult result = Tiny.tuner(model, cut).fit()) {
      assertThat(result.notes()).anyMatch(n -> n.contains("its checksum does not fit"));
    }
    assertThat(weights(cut)).isEqualTo(expected);

    for (Path state : new RunFolderFiles(cut).states()) {
      Files.write(state, Arrays.copyOf(Files.readAllBytes(state), 300));
    }
    assertThatThrownBy(Tiny.tuner(model, cut)::fit)
        .hasMessageMatching("no checkpoint in .* can be used; begin anew in another folder");
  }

  @Test
  void anotherNumberOfThreadsThatPrepareImagesChangesNothing() throws IOException {
    Path one = folder.resolve("one");
    Path three = folder.resolve("three");
    assertThat(finish(Tiny.tuner(model, three).workers(3), three))
        .isEqualTo(finish(Tiny.tuner(model, one), one));
  }

  @Test
  void otherSettingsAreRefusedByName() {
    assertThatThrownBy(Tiny.tuner(model, folder).listener(new Stop(2, false))::fit)
        .hasMessage("stopped here");

    assertThatThrownBy(Tiny.tuner(model, folder).rate(1e-4).seed(4)::fit)
        .hasMessageContaining("holds a run with other settings: ")
        .hasMessageContaining("recipe.optimization.rate was 0.003 and is 1.0E-4")
        .hasMessageContaining("seed was 0 and is 4");
    assertThatThrownBy(Tiny.tuner(model, folder).data(Patches.splits(27, 11))::fit)
        .hasMessageContaining("data.train was 24 images");
    try (ViTModel other = Tiny.model(ViT.from(model.network().config()).seed(8))) {
      assertThatThrownBy(Tiny.tuner(other, folder)::fit).hasMessageContaining("model.values was");
    }
  }

  @Test
  void moreEpochsAreSoundWhereTheScheduleDoesNotFollowFromThem() throws IOException {
    Optimization cosine = Tiny.recipe().optimization();
    Optimization constant =
        new Optimization(
            OptimizerKind.ADAMW, cosine.rate(), 0.05, 0.9, 1, ScheduleKind.CONSTANT, 0, 0, 0);
    Recipe steady = Tiny.recipe().withOptimization(constant);
    Path whole = folder.resolve("whole");
    byte[] expected = finish(Tiny.tuner(model, whole).recipe(steady).epochs(3), whole);

    Path longer = folder.resolve("longer");
    finish(Tiny.tuner(model, longer).recipe(steady).epochs(2), longer);
    assertThat(finish(Tiny.tuner(model, longer).recipe(steady).epochs(3), longer))
        .isEqualTo(expected);
    assertThatThrownBy(Tiny.tuner(model, longer).recipe(steady).epochs(1)::fit)
        .hasMessageContaining("beyond 1 epochs");

    Path falling = folder.resolve("falling");
    finish(Tiny.tuner(model, falling).epochs(2), falling);
    assertThatThrownBy(Tiny.tuner(model, falling).epochs(4)::fit)
        .hasMessageContaining("its learning rates follow from the number");
  }

  @Test
  void aRunThatIsOverIsNotRepeated() throws IOException {
    byte[] expected = finish(Tiny.tuner(model, folder), folder);
    Files.delete(folder.resolve(RunFolder.LAST));
    TrainListener alarm =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            throw new AssertionError("a step too many");
          }
        };
    try (FineTuneResult again = Tiny.tuner(model, folder).listener(alarm).fit()) {
      assertThat(again.epochs()).hasSize(3);
      assertThat(weights(folder)).isEqualTo(expected);
    }
  }

  @Test
  void twoRunsCannotShareAFolder() {
    TrainListener second =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            assertThatThrownBy(() -> RunFolder.open(folder))
                .hasMessageContaining("another run writes to");
          }
        };
    Tiny.tuner(model, folder).listener(second).epochs(1).fit().close();
  }
}
