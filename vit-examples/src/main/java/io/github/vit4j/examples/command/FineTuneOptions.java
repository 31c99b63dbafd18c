package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.FineTuner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command fine-tunes. */
public final class FineTuneOptions extends TrainOptions {

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "What is trained: " + StrategyOption.WORDS + ". Default: ${DEFAULT-VALUE}.")
  String strategy = "full";

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description = {
        "How: short (AdamW, 10 epochs, batches of 32, light augmentation), deit-transfer,"
            + " three-things-384, beit-finetune. Default: that of the published data set, or else short."
      })
  @Nullable String recipe;

  @Option(
      names = "--layer-decay",
      paramLabel = "D",
      description = "How much slower each layer learns than the next, such as 0.75. Default: 1.")
  @Nullable Double layerDecay;

  @Option(
      names = "--early-stop",
      paramLabel = "N",
      description = "End after N epochs without a better one.")
  @Nullable Integer earlyStop;

  /** For picocli. */
  public FineTuneOptions() {}

  /** {@return the word of {@code --strategy}} */
  public String strategy() {
    return strategy;
  }

  /**
   * {@return the recipe of {@code --recipe}, with the epochs and the batch that were asked for}
   *
   * @param own what is taken where the option was not given
   * @throws BadInputException if there is none of that name
   */
  public @Nullable Recipe recipe(@Nullable Recipe own) {
    Recipe chosen = recipe == null ? own : named(recipe);
    if (chosen != null && epochs != null && epochs > 0) {
      chosen = chosen.withEpochs(epochs);
    }
    return chosen != null && batch != null && batch > 0 ? chosen.scaledToBatch(batch) : chosen;
  }

  private static @Nullable Recipe named(String name) {
    return switch (name) {
      case "short" -> null;
      case "deit-transfer" -> Recipe.deitTransfer();
      case "three-things-384" -> Recipe.threeThings384();
      case "beit-finetune" -> Recipe.beitFineTune();
      default ->
          throw new BadInputException(
              "there is no recipe '%s'; choose short, deit-transfer, three-things-384 or beit-finetune"
                  .formatted(name));
    };
  }

  /**
   * Makes these choices.
   *
   * @param tuner to make them for
   * @param own the recipe where none was named; null for the tuner's default
   * @return the same
   * @throws BadInputException if one is impossible
   */
  public FineTuner applyTo(FineTuner tuner, @Nullable Recipe own) {
    tuner.strategy(StrategyOption.parse(strategy));
    Recipe chosen = recipe(own);
    if (chosen != null) {
      tuner.recipe(chosen);
    }
    if (layerDecay != null) {
      tuner.layerDecay(layerDecay);
    }
    if (earlyStop != null) {
      tuner.earlyStop(earlyStop);
    }
    return applyTo(tuner);
  }
}
