package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
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
  public TransferCifar100() {
    super(PublishedTransfer.CIFAR_100);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferCifar100(), args);
  }
}
