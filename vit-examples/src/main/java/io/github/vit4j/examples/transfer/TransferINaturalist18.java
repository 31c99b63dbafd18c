package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on iNaturalist 2018 (Van Horn et al.): 437,513 training and 24,426 validation images
 * of 8,142 species, a few of them with over a thousand images, many with a dozen.
 *
 * <p>Command: {@code ./vit transfer inaturalist-18 inaturalist-18 --out runs/inaturalist-18 -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 437,513 images x 360 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 2.2e18.
 *
 * <p>Expected, by the paper: ViT-S 68.0 % top-1 with all weights, 60.6 % with attention alone.
 */
@Command(
    name = "inaturalist-18",
    description = "Fine-tune on iNaturalist 2018: 437,513 and 24,426 images of 8,142 species.")
public final class TransferINaturalist18 extends Transfer {

  /** For picocli. */
  public TransferINaturalist18() {
    super(PublishedTransfer.INATURALIST_18);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferINaturalist18(), args);
  }
}
