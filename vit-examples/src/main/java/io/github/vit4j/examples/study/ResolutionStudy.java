package io.github.vit4j.examples.study;

import io.github.vit4j.examples.cifar10.SmallRecipe;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.FreezeAllButFeedForward;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.zoo.ViTZoo;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The model that comes along at a higher resolution: everything trained, attention alone, the
 * feed-forward layers alone. Table 5 of "Three things everyone should know about Vision
 * Transformers" on a small scale: 32 to 48 pixels, 64 to 144 tokens.
 *
 * <p>Command: {@code ./vit study resolution cifar10-jpeg.tar --out runs/resolution}. Results are in
 * {@code docs/results/resolution.md}.
 */
@Command(
    name = "resolution",
    description = "Fine-tune the model that comes along from 32 to 48 pixels in three ways.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ResolutionStudy extends Study {

  @Mixin private PartOfData data;

  @Option(
      names = "--resolution",
      paramLabel = "PIXELS",
      defaultValue = "48",
      description = "Side of the images. Default: ${DEFAULT-VALUE}.")
  private int side;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes over them. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "2e-4",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Override
  String title() {
    return "From 32 to " + side + " pixels";
  }

  @Override
  Map<String, String> settings() {
    return data.settings(
        Map.of(
            "resolution", Integer.toString(side),
            "epochs", Integer.toString(epochs),
            "rate", Double.toString(rate)));
  }

  @Override
  List<Trial> trials(long seed) {
    return List.of(
        trial("full", new FullFineTuning(), seed),
        trial("attention", new FreezeAllButAttention(), seed),
        trial("feed-forward", new FreezeAllButFeedForward(), seed));
  }

  private Trial trial(String variant, FineTuneStrategy strategy, long seed) {
    return new Trial(
        variant,
        seed,
        () -> ViTZoo.load(ViTZoo.EMBEDDED),
        tuner ->
            tuner
                .data(data.splits())
                .strategy(strategy)
                .recipe(SmallRecipe.scaled(side, epochs))
                .rate(rate));
  }
}
