package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.Flowers102;
import io.github.vit4j.finetune.data.PublishedCounts;
import io.github.vit4j.finetune.recipe.Recipe;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on Oxford Flowers-102 (Nilsback and Zisserman 2008) with the paper's split: the 2,040
 * training and validation images together to learn from, the 6,149 test images to measure on.
 *
 * <p>Command: {@code ./vit transfer flowers-102 flowers-102 --out runs/flowers-102 -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 2,040 images x 1,000 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 2.8e16. The recipe is the authors' for CIFAR and Cars; they give none for Flowers.
 *
 * <p>Expected, by the paper: ViT-S 96.8 % top-1 with all weights, 96.9 % with attention alone.
 */
@Command(
    name = "flowers-102",
    description = "Fine-tune on Oxford Flowers-102: 2,040 and 6,149 images of 102 classes.")
public final class TransferFlowers102 extends Transfer {

  /** For picocli. */
  public TransferFlowers102() {}

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferFlowers102(), args);
  }

  @Override
  DataSplits read(Path root) {
    return Flowers102.of(root);
  }

  @Override
  String source() {
    return Flowers102.SOURCE + ". The publisher states no licence.";
  }

  @Override
  PublishedCounts published() {
    return PublishedCounts.FLOWERS_102;
  }

  @Override
  Recipe recipe() {
    return Recipe.deitTransfer();
  }

  @Override
  PaperTransfer paper() {
    return new PaperTransfer(
        new PaperTransfer.Row(96.8, 97.8, 98.3),
        new PaperTransfer.Row(96.9, 98.5, 98.4),
        new PaperTransfer.Row(96.1, 97.5, 97.6));
  }
}
