package io.github.vit4j.zoo.registry;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The figures that the publishers print, with as many digits as they print. What nobody prints is
 * null.
 *
 * @param parameters in millions, by timm's tables where a model is in them
 * @param countedClasses how many classes the head had when parameters and multiply-accumulates were
 *     counted, where that is not the head of this entry: tables list an architecture once, but
 *     weights come with and without a head; null if it is this entry's own
 * @param gmacs multiply-accumulates for one image, in thousands of millions
 * @param top1 top-1 accuracy on ImageNet-1k's validation images in percent, by the authors' own
 *     table, or the one that the family's facts name
 * @param top1Timm the same, as timm measured it with the weights on the hub
 * @param top1V2 top-1 accuracy on ImageNet-V2 in percent, from the same table
 * @param protocol how {@code top1} was reached
 */
public record Published(
    @Nullable BigDecimal parameters,
    @Nullable Integer countedClasses,
    @Nullable BigDecimal gmacs,
    @Nullable BigDecimal top1,
    @Nullable BigDecimal top1Timm,
    @Nullable BigDecimal top1V2,
    Protocol protocol) {

  /** {@return the authors' top-1 accuracy, or timm's where they print none, or null} */
  public @Nullable BigDecimal bestKnownTop1() {
    return top1 != null ? top1 : top1Timm;
  }
}
