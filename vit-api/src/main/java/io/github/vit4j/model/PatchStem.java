package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.StemLayer;
import io.github.vit4j.config.ViTConfig;
import java.util.List;

/** Turns an image into patch tokens, (B, C, H, W) -> (B, N, D), row by row. */
abstract class PatchStem extends Part {

  private final ViTConfig config;

  private PatchStem(ViTConfig config) {
    this.config = config;
  }

  static PatchStem of(ViTConfig config) {
    return switch (config.stem().kind()) {
      case LINEAR -> new LinearStem(config);
      case HMLP, CONV -> new LayeredStem(config);
    };
  }

  /** The grid of features, (B, C, H, W) -> (B, D, h, w). */
  abstract NDArray grid(Pass pass, NDArray images);

  @Override
  final NDArray apply(Pass pass, NDArray images) {
    NDArray grid = grid(pass, images);
    return grid.reshape(images.getShape().get(0), config.width(), config.patches())
        .transpose(0, 2, 1); // (B, D, h, w) -> (B, D, N) -> (B, N, D)
  }

  /** Whether no layer sees pixels of two patches at once, statistics of BatchNorm aside. */
  final boolean keepsPatchesApart() {
    return config.stem().kind() != StemKind.CONV;
  }

  /** The pixels of each patch, (B, C, H, W) -> (B * N, C * p * p). */
  final NDArray patches(NDArray images) {
    long batch = images.getShape().get(0);
    long p = config.patchSize();
    return images
        .reshape(batch, config.channels(), config.gridHeight(), p, config.gridWidth(), p)
        .transpose(0, 2, 4, 1, 3, 5) // (B, h, w, C, p, p)
        .reshape(batch * config.patches(), config.channels() * p * p);
  }

  /** The tokens of patches in any number and order, (V, C * p * p) -> (V, D). */
  final NDArray tokens(Pass pass, NDArray patches) {
    long count = patches.getShape().get(0);
    long p = config.patchSize();
    NDArray images =
        patches.reshape(count, config.channels(), p, p); // (V, C * p * p) -> (V, C, p, p)
    return grid(pass, images).reshape(count, config.width()); // (V, D, 1, 1) -> (V, D)
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {
      new Shape(inputShapes[0].get(0), config.patches(), config.width()),
    };
  }

  /** One linear projection of each patch's pixels. */
  private static final class LinearStem extends PatchStem {

    private final Convolution proj;

    LinearStem(ViTConfig config) {
      super(config);
      proj = part("proj", new Convolution(StemLayer.of(config).get(0)));
    }

    @Override
    NDArray grid(Pass pass, NDArray images) {
      return proj.apply(pass, images);
    }
  }

  /** Several layers, of an hMLP or of a convolutional stem. */
  private static final class LayeredStem extends PatchStem {

    private final LayerSequence proj = part("proj", new LayerSequence());

    LayeredStem(ViTConfig config) {
      super(config);
      List<StemLayer> layers = StemLayer.of(config);
      for (int i = 0; i < layers.size(); i++) {
        if (i > 0) {
          proj.gelu();
        }
        StemLayer layer = layers.get(i);
        proj.then(new Convolution(layer));
        proj.then(ChannelNorm.of(config.stem().norm(), layer.out(), config.normEps()));
      }
    }

    @Override
    NDArray grid(Pass pass, NDArray images) {
      return proj.apply(pass, images);
    }
  }
}
