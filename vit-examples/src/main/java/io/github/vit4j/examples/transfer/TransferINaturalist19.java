package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Terminal;
import picocli.CommandLine.Command;

/**
 * Fine-tunes on iNaturalist 2019 (Van Horn et al.): 265,213 training and 3,030 validation images of
 * 1,010 species. The paper prints 265,240 and 3,003, which add up to the same.
 *
 * <p>Command: {@code ./vit transfer inaturalist-19 inaturalist-19 --out runs/inaturalist-19 -m
 * deit_small_patch16_224.fb_in1k}
 *
 * <p>Cost: 265,213 images x 360 epochs x 3 x 4.6e9 multiply-accumulates (ViT-S, 224 pixels) =
 * 1.3e18.
 *
 * <p>Expected, by the paper: ViT-S 73.9 % top-1 with all weights, 68.7 % with attention alone.
 */
@Command(
    name = "inaturalist-19",
    description = "Fine-tune on iNaturalist 2019: 265,213 and 3,030 images of 1,010 species.")
public final class TransferINaturalist19 extends Transfer {

  /** For picocli. */
  public TransferINaturalist19() {
    super(PublishedTransfer.INATURALIST_19);
  }

  /**
   * Runs this program alone.
   *
   * @param args ROOT and options
   */
  public static void main(String[] args) {
    Terminal.run(new TransferINaturalist19(), args);
  }
}
