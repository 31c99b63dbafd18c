package io.github.vit4j.examples.transfer;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.ImageNet;
import io.github.vit4j.finetune.data.PublishedCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures a model on ImageNet-V2 (Recht et al. 2019): 10,000 new images of ImageNet's classes, in
 * three variants, of which the paper uses the one of matched frequency.
 *
 * <p>Command: {@code ./vit imagenet-v2 data/imagenet-v2 -m deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 10,000 images x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) = 4.6e13.
 *
 * <p>Expected: the paper's baselines of 400 epochs with LayerScale reach 61.4 (Ti), 69.3 (S), 72.2
 * (B) and 73.7 % (L).
 */
@Command(name = "imagenet-v2", description = "Measure a model on the 10,000 images of ImageNet-V2.")
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class EvaluateImageNetV2 extends ImageNetEvaluation {

  private static final List<String> VARIANTS =
      List.of("matched-frequency", "threshold0.7", "top-images");

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      defaultValue = "matched-frequency",
      description = {
        "matched-frequency, threshold0.7 or top-images, where ROOT holds their folders."
            + " Default: ${DEFAULT-VALUE}."
      })
  String variant;

  /** For picocli. */
  public EvaluateImageNetV2() {}

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new EvaluateImageNetV2(), args);
  }

  @Override
  FileImages read(Path root) {
    if (!VARIANTS.contains(variant)) {
      throw new BadInputException(
          "there is no variant '%s' of ImageNet-V2; choose one of %s"
              .formatted(variant, String.join(", ", VARIANTS)));
    }
    return ImageNet.v2(
        List.of("imagenetv2-" + variant + "-format-val", "imagenetv2-" + variant).stream()
            .map(root::resolve)
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(root));
  }

  @Override
  String source() {
    return ImageNet.V2_SOURCE + ". To be used as ImageNet itself.";
  }

  @Override
  PublishedCounts published() {
    return PublishedCounts.IMAGENET_V2;
  }

  @Override
  String paper() {
    return "ViT-Ti 61.4 %, ViT-S 69.3 %, ViT-B 72.2 %, ViT-L 73.7 %, 400 epochs, matched frequency";
  }
}
