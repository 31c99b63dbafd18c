package io.github.vit4j.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One convolution of a stem. In a stem of several layers a norm follows each, and a GELU each but
 * the last.
 *
 * @param in channels that it reads
 * @param out channels that it gives
 * @param kernel side of its window
 * @param stride how far the window moves; as far as it is wide where patches stay apart
 * @param padding zeros around its input
 * @param bias whether it has a bias
 */
public record StemLayer(int in, int out, int kernel, int stride, int padding, boolean bias) {

  /**
   * {@return the convolutions of a model's stem, in order}
   *
   * @param config the model
   */
  public static List<StemLayer> of(ViTConfig config) {
    return switch (config.stem().kind()) {
      case LINEAR ->
          List.of(apart(config.channels(), config.width(), config.patchSize(), config.stemBias()));
      case HMLP -> hmlp(config);
      case CONV -> conv(config);
    };
  }

  private static StemLayer apart(int in, int out, int kernel, boolean bias) {
    return new StemLayer(in, out, kernel, kernel, 0, bias);
  }

  /**
   * The hierarchical MLP of Three things everyone should know about ViTs (section 5, figure 5):
   * {@code conv norm GELU, conv norm GELU, conv norm}, each convolution's stride its kernel, so
   * that no layer mixes two patches. The paper's kernels are 4, 2, 2.
   */
  private static List<StemLayer> hmlp(ViTConfig config) {
    List<Integer> kernels = config.stem().kernels();
    List<StemLayer> layers = new ArrayList<>();
    int in = config.channels();
    for (int i = 0; i < kernels.size(); i++) {
      int out = i == kernels.size() - 1 ? config.width() : config.width() / 4;
      layers.add(apart(in, out, kernels.get(i), true));
      in = out;
    }
    return layers;
  }

  /**
   * Overlapping 3x3 convolutions of stride 2, channels doubling up to the width (LeViT, Graham et
   * al. 2021, without bias): the baseline of the paper's Table 7.
   */
  private static List<StemLayer> conv(ViTConfig config) {
    List<StemLayer> layers = new ArrayList<>();
    int in = config.channels();
    for (int i = Integer.numberOfTrailingZeros(config.patchSize()) - 1; i >= 0; i--) {
      int out = config.width() >> i;
      layers.add(new StemLayer(in, out, 3, 2, 1, false));
      in = out;
    }
    return layers;
  }
}
