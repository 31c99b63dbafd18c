package io.github.vit4j.model;

import io.github.vit4j.config.ViTConfig;

/** Multiply-accumulates of a stem, for one image. */
final class StemCost {

  private StemCost() {}

  static long macs(ViTConfig c) {
    return switch (c.stem().kind()) {
      case LINEAR -> (long) c.patches() * c.patchSize() * c.patchSize() * c.channels() * c.width();
      case HMLP -> hmlp(c);
      case CONV -> conv(c);
    };
  }

  private static long hmlp(ViTConfig c) {
    long pixels = (long) c.imageHeight() * c.imageWidth();
    long in = c.channels();
    long total = 0;
    int layers = c.stem().kernels().size();
    for (int i = 0; i < layers; i++) {
      long out = i == layers - 1 ? c.width() : c.width() / 4;
      // each input value is read once for every output channel, as patches do not overlap
      total += pixels * in * out;
      pixels /= (long) c.stem().kernels().get(i) * c.stem().kernels().get(i);
      in = out;
    }
    return total;
  }

  private static long conv(ViTConfig c) {
    long pixels = (long) c.imageHeight() * c.imageWidth();
    long in = c.channels();
    long total = 0;
    for (int i = Integer.numberOfTrailingZeros(c.patchSize()) - 1; i >= 0; i--) {
      long out = c.width() >> i;
      pixels /= 4;
      total += pixels * 9 * in * out;
      in = out;
    }
    return total;
  }
}
