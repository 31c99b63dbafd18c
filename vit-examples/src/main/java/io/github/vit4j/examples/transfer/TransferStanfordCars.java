package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on Stanford Cars (Krause et al. 2013): 8,144 training and 8,041 test images of 196
 * models of cars. Whole images are used, not the boxes.
 *
 * <p>Command: {@code ./vit transfer stanford-cars stanford-cars --out runs/stanford-cars -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 8,144 images x 1,000 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 1.1e17.
 *
 * <p>Expected, by the paper: ViT-S 89.7 % top-1 with all weights, 89.8 % with attention alone.
 */
@Command(
    name = "stanford-cars",
    description = "Fine-tune on Stanford Cars: 8,144 and 8,041 images of 196 classes.")
public final class TransferStanfordCars extends Transfer {

  /** For picocli. */
  public TransferStanfordCars() {
    super(PublishedTransfer.STANFORD_CARS);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferStanfordCars(), args);
  }
}
