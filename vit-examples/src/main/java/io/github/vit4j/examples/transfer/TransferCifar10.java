package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on CIFAR-10 (Krizhevsky 2009): 50,000 training and 10,000 test images of 10 classes,
 * 32 pixels, scaled to the model's size.
 *
 * <p>Command: {@code ./vit transfer cifar-10 cifar-10-batches-bin --out runs/cifar-10 -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 50,000 images x 1,000 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 6.9e17.
 *
 * <p>Expected, by the paper: ViT-S 98.9 % top-1 with all weights, 98.7 % with attention alone.
 */
@Command(
    name = "cifar-10",
    description = "Fine-tune on CIFAR-10: 50,000 and 10,000 images of 10 classes.")
public final class TransferCifar10 extends Transfer {

  /** For picocli. */
  public TransferCifar10() {
    super(PublishedTransfer.CIFAR_10);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferCifar10(), args);
  }
}
