package io.github.vit4j.zoo.names;

import java.util.List;

/** The classifiers, which a model without a head leaves in the file. */
final class Heads {

  /** {@code pre_logits} is the hidden layer of the first ViT's head for ImageNet-21k. */
  private static final List<String> PARTS = List.of("head", "head_dist", "pre_logits");

  private Heads() {}

  static boolean isPartOf(String tensor) {
    return PARTS.stream().anyMatch(p -> tensor.startsWith(p + ".") || tensor.startsWith(p + "/"));
  }
}
