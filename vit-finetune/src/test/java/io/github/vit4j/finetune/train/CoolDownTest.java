package io.github.vit4j.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs without end, and cooldowns that begin at their checkpoints. */
class CoolDownTest {

  /** 24 images in batches of 8. */
  private static final int STEPS = 3;

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

  private static FineTuner infinite(ViTModel model, Path run) {
    return Tiny.tuner(model, run).infinite();
  }

  /** Throws after a step. */
  private record Stop(long after) implements TrainListener {
    @Override
    public void step(StepMetrics metrics) {
      if (metrics.step() == after) {
        throw new IllegalStateException("stopped here");
      }
    }
  }

  private static void stop(FineTuner tuner, long after) {
    assertThatThrownBy(tuner.listener(new Stop(after))::fit).hasMessage("stopped here");
  }

  private static byte[] finish(FineTuner tuner, Path run) throws IOException {
    tuner.fit().close();
    return Files.readAllBytes(run.resolve(RunFolder.LAST));
  }

  /** A run whose recipe says from the start when its rate begins to fall. */
  private byte[] planned(int epochs, double cooldown) throws IOException {
    Optimization optimization =
        Tiny.recipe().optimization().withInverseSquareRoot(0).withCooldown(cooldown);
    Path run = folder.resolve("planned-" + cooldown);
    Recipe recipe = Tiny.recipe().withOptimization(optimization).withEpochs(epochs);
    return finish(Tiny.tuner(model, run).recipe(recipe), run);
  }

  private static Map<String, byte[]> content(Path run) throws IOException {
    Map<String, byte[]> content = new HashMap<>();
    try (var files = Files.list(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  @Test
  void equalsARunWhoseCooldownWasPlannedFromTheStart() throws IOException {
    Path source = folder.resolve("source");
    finish(infinite(model, source).epochs(2), source);
    Map<String, byte[]> before = content(source);

    Path cooled = folder.resolve("cooled");
    assertThat(finish(infinite(model, cooled).coolDown(source, 2), cooled))
        .isEqualTo(planned(4, 2));

    Map<String, byte[]> after = content(source);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void aConstantRateIsCooledDownAsWell() throws IOException {
    Optimization constant =
        new Optimization(OptimizerKind.ADAMW, 3e-3, 0.05, 0.9, 1, ScheduleKind.CONSTANT, 0, 0, 0);
    Recipe recipe = Tiny.recipe().withOptimization(constant);
    Recipe falling = recipe.withOptimization(constant.withCooldown(1));
    Path source = folder.resolve("source");
    Path cooled = folder.resolve("cooled");
    Path planned = folder.resolve("planned");
    finish(Tiny.tuner(model, source).recipe(recipe).epochs(2), source);
    assertThat(finish(Tiny.tuner(model, cooled).recipe(recipe).coolDown(source, 1), cooled))
        .isEqualTo(finish(Tiny.tuner(model, planned).recipe(falling).epochs(3), planned));
    refused(
        Tiny.tuner(model, folder.resolve("twice")).recipe(falling).coolDown(source, 1),
        "the recipe ends in a cooldown of 1.0 epochs already");
  }

  @Test
  void fromWithinAnEpochTheRestOfItComesOnTop() throws IOException {
    Path source = folder.resolve("source");
    stop(infinite(model, source), STEPS + 1);

    Path cooled = folder.resolve("cooled");
    assertThat(finish(infinite(model, cooled).coolDown(source, 1), cooled))
        .isEqualTo(planned(3, 1 + 2 / 3.0));
  }

  @Test
  void wasItCutOffItComesToTheSameBitsWithoutItsSource() throws IOException {
    Path source = folder.resolve("source");
    finish(infinite(model, source).epochs(1), source);
    Path whole = folder.resolve("whole");
    byte[] expected = finish(infinite(model, whole).coolDown(source, 2), whole);

    Path cut = folder.resolve("cut");
    stop(infinite(model, cut).coolDown(source, 2), STEPS + 1);
    Path moved = Files.move(source, folder.resolve("moved"));
    stop(infinite(model, cut).coolDown(source, 2), STEPS + 4);
    assertThat(finish(infinite(model, cut).coolDown(source, 2), cut)).isEqualTo(expected);

    // another length, another place or none at all are other runs
    assertThatThrownBy(infinite(model, cut).coolDown(moved, 3)::fit)
        .hasMessageContaining("coolDown.epochs was 2 and is 3");
    assertThatThrownBy(infinite(model, cut).epochs(3)::fit)
        .hasMessageContaining("coolDown.step was 3 and is not there");
    assertThatThrownBy(infinite(model, folder.resolve("again")).coolDown(cut, 1)::fit)
        .hasMessageContaining("with other settings");
  }

  @Test
  void theRateFallsFromThereToNothing() {
    Path source = folder.resolve("source");
    List<Double> rates = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            rates.add(metrics.rate());
          }
        };
    infinite(model, source).epochs(2).listener(listener).fit().close();
    try (FineTuneResult result =
        infinite(model, folder.resolve("cooled")).coolDown(source, 2).listener(listener).fit()) {
      assertThat(result.epochs()).extracting(EpochMetrics::epoch).containsExactly(3, 4);
      assertThat(result.best().epoch()).isBetween(3, 4);
    }
    double base = Tiny.recipe().optimization().rate();
    double warmUp = Math.round(.5 * STEPS);
    for (int step = 2; step < 4 * STEPS; step++) {
      double free = base / Math.sqrt(1 + (step - warmUp) / warmUp);
      double left = Math.min(1, (4.0 * STEPS - step) / (2 * STEPS));
      assertThat(rates.get(step)).as("step %d", step).isEqualTo(free * left, within(1e-12));
    }
  }

  /** Without a number of epochs somebody has to end it; more can always be added. */
  @Test
  void withoutEpochsItGoesOnUntilItIsStopped() throws IOException {
    Path whole = folder.resolve("whole");
    byte[] expected = finish(infinite(model, whole).epochs(3), whole);

    Path endless = folder.resolve("endless");
    stop(infinite(model, endless), 5 * STEPS / 2);
    assertThat(finish(infinite(model, endless).epochs(3), endless)).isEqualTo(expected);
    stop(infinite(model, endless), 4 * STEPS);
  }

  @Test
  void keptCheckpointsStayAndCanBeCooledDownFrom() throws IOException {
    Path source = folder.resolve("source");
    finish(infinite(model, source).epochs(4).keepEvery(2), source);
    assertThat(content(source).keySet())
        .contains("kept-epoch-000002.safetensors", "kept-epoch-000004.safetensors")
        .doesNotContain("state-000000006.safetensors", "kept-epoch-000003.safetensors");

    Path kept = source.resolve("kept-epoch-000002.safetensors");
    Path cooled = folder.resolve("cooled");
    assertThat(finish(infinite(model, cooled).coolDown(kept, 2), cooled)).isEqualTo(planned(4, 2));
  }

  @Test
  void halfPrecisionMomentumGoesThroughCheckpointAndCooldown() throws IOException {
    Path adafactor = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    byte[] expected = finish(halved(adafactor).epochs(2), adafactor);
    stop(halved(cut), 4);
    assertThat(finish(halved(cut).epochs(2), cut)).isEqualTo(expected);
    try (Checkpoint state = SafeTensors.open(newest(adafactor))) {
      TensorInfo momentum = state.info("optimizer/head.weight/exp_avg");
      assertThat(momentum.type()).isEqualTo(TensorType.BF16);
      assertThat(momentum.shape()).containsExactly(3L, 24L);
    }
    assertThatThrownBy(infinite(model, adafactor).optimizer(OptimizerKind.ADAFACTOR).epochs(2)::fit)
        .hasMessageContaining("recipe.optimization.bfloat16Momentum was true and is false")
        .hasMessageContaining("recipe.optimization.headDecay was 3.0 and is 0.05");
    Path cooled = folder.resolve("cooled");
    finish(halved(cooled).coolDown(adafactor, 1), cooled);
  }

  private FineTuner halved(Path run) {
    return infinite(model, run)
        .optimizer(OptimizerKind.ADAFACTOR)
        .bfloat16Momentum()
        .weightDecay(.03, 3);
  }

  private static Path newest(Path run) {
    return RunFolder.states(run).get(0);
  }

  @Test
  void whatCannotBeCooledDownIsNamed() throws IOException {
    Path cooled = folder.resolve("cooled");
    Path source = folder.resolve("source");
    refused(infinite(model, cooled).coolDown(source, 1), "there is no .*source to cool down from");
    Files.createDirectories(source);
    refused(infinite(model, cooled).coolDown(source, 1), "source is no run, nor a checkpoint");
    Files.delete(source);
    finish(infinite(model, source).epochs(1), source);

    refused(Tiny.tuner(model, cooled).coolDown(source, 1), "a cosine follows from the number");
    refused(
        infinite(model, cooled).seed(4).coolDown(source, 1), "other settings: seed was 0 and is 4");
    refused(
        infinite(model, cooled).data(Patches.splits(27, 11)).coolDown(source, 1),
        "other settings: data.train was 24 images");
    try (ViTModel other = Tiny.model(ViT.from(model.network().config()).seed(8))) {
      refused(infinite(other, cooled).coolDown(source, 1), "model.values was");
    }
    refused(infinite(model, source).coolDown(source, 1), "holds a run that is no cooldown");
    refused(
        infinite(model, cooled).coolDown(source.resolve("last.safetensors"), 1),
        "has no checkpoint to cool down from .*last.safetensors cannot be used");
    assertThatThrownBy(() -> infinite(model, cooled).coolDown(source, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a cooldown of 0 epochs is not possible");
    for (Path state : RunFolder.states(source)) {
      Files.write(state, new byte[300]);
    }
    refused(infinite(model, cooled).coolDown(source, 1), "cannot be used");
    assertThat(cooled).doesNotExist();
  }

  private static void refused(FineTuner tuner, String message) {
    assertThatThrownBy(tuner::fit)
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching("(?s).*" + message + ".*");
  }

  /** What runs of earlier versions do not say is what they did. */
  @Test
  void aRunOfAnEarlierVersionGoesOn() throws IOException {
    Path run = folder.resolve("run");
    stop(Tiny.tuner(model, run), 5);
    Path file = run.resolve("run.json");
    String without =
        Files.readString(file)
            .replaceAll(
                "(?m)^.*(headDecay|bfloat16Momentum|timeScaleEpochs|cooldownEpochs).*\\R", "");
    Files.writeString(file, without);
    assertThat(finish(Tiny.tuner(model, run), run)).isNotEmpty();
  }
}
