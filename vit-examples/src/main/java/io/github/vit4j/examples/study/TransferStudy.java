package io.github.vit4j.examples.study;

import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.FreezeAllButFeedForward;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.finetune.strategy.LinearProbe;
import io.github.vit4j.finetune.strategy.LoRA;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A trained model brought to another task in five ways: everything trained, attention alone, the
 * feed-forward layers alone, the head alone, LoRA. Table 6 of "Three things everyone should know
 * about Vision Transformers" on a small scale.
 *
 * <p>Commands: {@code ./vit study transfer flowers-102 -m vit_tiny/ --out runs/flowers} and {@code
 * ./vit study transfer cifar-100-binary --out runs/cifar100}. Results are in {@code
 * docs/results/transfer.md}.
 */
@Command(
    name = "transfer",
    description = "Bring a trained model to another task in five ways, and compare them.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TransferStudy extends Study {

  private static final int RANK = 8;

  @Parameters(
      paramLabel = "DATA",
      description = "Flowers-102 or CIFAR-100 as published, a tar file or a folder of classes.")
  private Path data;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH|NAME",
      description =
          "A checkpoint, a name that 'vit list' shows, or hf:OWNER/NAME. Default: the model that"
              + " comes along.")
  private @Nullable String model;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the training images. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "5e-4",
      description =
          "Highest rate where many parameters move; ten times as much for head alone and LoRA."
              + " Default: ${DEFAULT-VALUE}.")
  private double rate;

  private @Nullable DataSplits splits;

  @Override
  String title() {
    return "A trained model on " + data.getFileName();
  }

  @Override
  Map<String, String> settings() {
    Map<String, String> all = new HashMap<>(StudiedData.settings(data, splits()));
    all.put("model", model().trueName());
    all.put("epochs", Integer.toString(epochs));
    all.put("rate", Double.toString(rate));
    return all;
  }

  @Override
  List<Trial> trials(long seed) {
    return List.of(
        trial("full", new FullFineTuning(), rate, seed),
        trial("attention", new FreezeAllButAttention(), rate, seed),
        trial("feed-forward", new FreezeAllButFeedForward(), rate, seed),
        trial("head", new LinearProbe(), 10 * rate, seed),
        trial("LoRA rank " + RANK, new LoRA(RANK), 10 * rate, seed));
  }

  private Trial trial(String variant, FineTuneStrategy strategy, double highest, long seed) {
    return new Trial(
        variant,
        seed,
        () -> model().open(),
        tuner -> tuner.data(splits()).strategy(strategy).epochs(epochs).rate(highest));
  }

  private ModelChoice model() {
    ModelChoice choice = new ModelChoice();
    if (model != null) {
      choice.named(model);
    }
    return choice;
  }

  private DataSplits splits() {
    if (splits == null) {
      splits = DataSets.open(data);
    }
    return splits;
  }
}
