package io.github.vit4j;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.VisionTransformer;

/**
 * The entry point: builds Vision Transformers and their variants.
 *
 * <pre>{@code
 * VisionTransformer vit =
 *     ViT.builder().small().depth(18).parallel(2).hmlpStem().layerScale(1e-4).classes(102).build();
 * }</pre>
 */
public final class ViT {

  private ViT() {}

  /** {@return a builder that starts from ViT-Base/16 at 224 pixels with 1000 classes} */
  public static ViTBuilder builder() {
    return new ViTBuilder();
  }

  /**
   * {@return a builder that starts from an existing architecture: whatever is not chosen stays as
   * it is there, also where {@link #builder} would let it follow from another choice}
   *
   * @param config the architecture to start from
   */
  public static ViTBuilder from(ViTConfig config) {
    return new ViTBuilder(config);
  }

  /**
   * {@return a model of exactly this architecture, without values yet}
   *
   * @param config the architecture
   */
  public static VisionTransformer of(ViTConfig config) {
    return new VisionTransformer(config, 0, false);
  }
}
