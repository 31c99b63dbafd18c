package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.ImageNet;
import io.github.vit4j.finetune.data.PublishedCounts;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/**
 * Measures a model on the 50,000 validation images of ImageNet-1k (Russakovsky et al. 2015).
 *
 * <p>Command: {@code ./vit imagenet data/imagenet -m deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 50,000 images x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) = 2.3e14.
 *
 * <p>Expected: the paper's baselines of 400 epochs with LayerScale reach 73.5 (Ti), 80.7 (S), 82.7
 * (B) and 84.0 % (L); {@code vit info} has what a published model reaches.
 */
@Command(name = "imagenet", description = "Measure a model on ImageNet's 50,000 validation images.")
public final class EvaluateImageNet extends ImageNetEvaluation {

  /** For picocli. */
  public EvaluateImageNet() {}

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new EvaluateImageNet(), args);
  }

  @Override
  FileImages read(Path root) {
    return ImageNet.validation(root);
  }

  @Override
  String source() {
    return ImageNet.SOURCE + ". For non-commercial research and education only.";
  }

  @Override
  PublishedCounts published() {
    return PublishedCounts.IMAGENET;
  }

  @Override
  String paper() {
    return "ViT-Ti 73.5 %, ViT-S 80.7 %, ViT-B 82.7 %, ViT-L 84.0 %, 400 epochs";
  }
}
