package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.data.Cifar;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.PublishedCounts;
import io.github.vit4j.finetune.recipe.Recipe;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on CIFAR-100 (Krizhevsky 2009): 50,000 training and 10,000 test images of 100 fine
 * classes, 32 pixels, scaled to the model's size.
 *
 * <p>Command: {@code ./vit transfer cifar-100 cifar-100-binary --out runs/cifar-100 -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 50,000 images x 1,000 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 6.9e17.
 *
 * <p>Expected, by the paper: ViT-S 90.5 % top-1 with all weights, 89.1 % with attention alone.
 */
@Command(
    name = "cifar-100",
    description = "Fine-tune on CIFAR-100: 50,000 and 10,000 images of 100 classes.")
public final class TransferCifar100 extends Transfer {

  /** For picocli. */
  public TransferCifar100() {}

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferCifar100(), args);
  }

  @Override
  DataSplits read(Path root) {
    return Cifar.hundred(root);
  }

  @Override
  String source() {
    return Cifar.HUNDRED_SOURCE + ". The publisher states no licence.";
  }

  @Override
  PublishedCounts published() {
    return PublishedCounts.CIFAR_100;
  }

  @Override
  Recipe recipe() {
    return Recipe.deitTransfer();
  }

  @Override
  PaperTransfer paper() {
    return new PaperTransfer(
        new PaperTransfer.Row(90.5, 92.5, 93.2),
        new PaperTransfer.Row(89.1, 91.8, 92.7),
        new PaperTransfer.Row(90.1, 92.1, 93.0));
  }
}
