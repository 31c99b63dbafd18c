package io.github.vit4j.examples.study;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.examples.cifar10.SmallRecipe;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Sequential against parallel layers at the same number of parameters, and a linear against an hMLP
 * stem: the first and third insight of "Three things everyone should know about Vision
 * Transformers" (arXiv 2203.09795, figure 1 and table 7) on a small scale.
 *
 * <p>Twelve residual pairs of width 64, in 12 layers of one, 6 of two or 4 of three; 10 epochs of
 * 10,000 images. Cost: about ten minutes of one core a trial.
 *
 * <p>Command: {@code ./vit study parallel cifar10-jpeg.tar --out runs/parallel}. Results are in
 * {@code docs/results/parallel.md}.
 */
@Command(
    name = "parallel",
    description = "Sequential against parallel layers, linear against hMLP stem, from nothing.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ParallelStudy extends Study {

  private static final int PAIRS = 12;
  private static final int WIDTH = 64;

  @Mixin private PartOfData data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over them. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Override
  String title() {
    return "Twelve residual pairs of width " + WIDTH + ": layers x pairs side by side";
  }

  @Override
  Map<String, String> settings() {
    return data.settings(Map.of("epochs", Integer.toString(epochs)));
  }

  @Override
  List<Trial> trials(long seed) {
    return List.of(
        trial("12x1 linear", 1, false, seed),
        trial("6x2 linear", 2, false, seed),
        trial("4x3 linear", 3, false, seed),
        trial("12x1 hMLP", 1, true, seed));
  }

  private Trial trial(String variant, int parallel, boolean hmlp, long seed) {
    return new Trial(
        variant,
        seed,
        () -> model(parallel, hmlp, seed),
        tuner -> tuner.data(data.splits()).recipe(SmallRecipe.fromScratch(32, epochs)));
  }

  private ViTModel model(int parallel, boolean hmlp, long seed) {
    ViTBuilder vit =
        ViT.builder()
            .imageSize(32)
            .patchSize(4)
            .width(WIDTH)
            .heads(2)
            .mlpRatio(2)
            .depth(PAIRS / parallel)
            .parallel(parallel)
            .classToken(false)
            .pooling(Pooling.MEAN)
            .classes(data.splits().train().classes().size())
            .seed(seed);
    if (hmlp) {
      vit.hmlpStem(2, 2, 1);
    }
    return ViTModel.of(
        vit.build(), SmallRecipe.preprocessing(32), Label.named(data.splits().train().classes()));
  }
}
