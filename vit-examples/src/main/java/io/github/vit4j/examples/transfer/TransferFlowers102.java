package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
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
  public TransferFlowers102() {
    super(PublishedTransfer.FLOWERS_102);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferFlowers102(), args);
  }
}
