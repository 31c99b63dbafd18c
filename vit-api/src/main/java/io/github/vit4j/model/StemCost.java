package io.github.vit4j.model;

import io.github.vit4j.config.StemLayer;
import io.github.vit4j.config.ViTConfig;

/** Multiply-accumulates of a stem, for one image. */
final class StemCost {

  private StemCost() {}

  static long macs(ViTConfig config) {
    long pixels = (long) config.imageHeight() * config.imageWidth();
    long total = 0;
    for (StemLayer layer : StemLayer.of(config)) {
      pixels /= (long) layer.stride() * layer.stride();
      total += pixels * layer.kernel() * layer.kernel() * layer.in() * layer.out();
    }
    return total;
  }
}
