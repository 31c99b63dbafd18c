package io.github.vit4j.zoo.registry;

/** A set of classes that published heads tell apart, in the order of their logits. */
public enum LabelSet {
  /** ImageNet-1k, the challenge of 2012. */
  IMAGENET_1K("imagenet-1k", 1000),

  /** timm's choice of 11,821 classes of ImageNet-22k that have enough images. */
  IMAGENET_12K("imagenet-12k", 11_821),

  /** ImageNet-21k as Google's models have it: two classes more than the release of fall 2011. */
  IMAGENET_21K("imagenet-21k", 21_843),

  /** ImageNet-22k, the release of fall 2011, as Microsoft's models have it. */
  IMAGENET_22K("imagenet-22k", 21_841),

  /** CIFAR-10. */
  CIFAR_10("cifar-10", 10);

  private final String id;
  private final int classes;

  LabelSet(String id, int classes) {
    this.id = id;
    this.classes = classes;
  }

  /** {@return the word in files of entries} */
  public String id() {
    return id;
  }

  /** {@return how many classes there are} */
  public int classes() {
    return classes;
  }
}
