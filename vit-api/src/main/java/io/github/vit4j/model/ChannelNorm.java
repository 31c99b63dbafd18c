package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.config.StemNorm;

/** The normalisation of an image's channels inside a stem. */
final class ChannelNorm {

  /** PyTorch's default for BatchNorm, which the paper's code leaves as it is. */
  private static final double BATCH_NORM_EPS = 1e-5;

  private ChannelNorm() {}

  static Part of(StemNorm norm, long channels, double layerNormEps) {
    return switch (norm) {
      case BATCH_NORM -> new BatchNorm(channels, BATCH_NORM_EPS);
      case LAYER_NORM -> new ChannelLayerNorm(channels, layerNormEps);
    };
  }

  /** LayerNorm over the channels of each position. */
  private static final class ChannelLayerNorm extends Part {

    private final LayerNorm norm;

    ChannelLayerNorm(long channels, double eps) {
      norm = inlined("norm", new LayerNorm(Role.STEM, channels, eps));
    }

    @Override
    NDArray apply(Pass pass, NDArray x) {
      NDArray last = x.transpose(0, 2, 3, 1); // (B, C, h, w) -> (B, h, w, C)
      return norm.apply(pass, last).transpose(0, 3, 1, 2); // (B, h, w, C) -> (B, C, h, w)
    }
  }
}
