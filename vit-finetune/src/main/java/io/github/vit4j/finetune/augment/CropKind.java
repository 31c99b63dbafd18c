package io.github.vit4j.finetune.augment;

/** How a training image is brought to the model's input size. */
public enum CropKind {
  /** A box of random size and shape, scaled: {@link RandomResizedCrop}. */
  RESIZED,
  /** DeiT III's simple random crop: short side to size, mirrored 4 pixels deep, a random box. */
  SIMPLE,
  /** For small images such as CIFAR's: 4 black pixels around it, a random box. */
  PADDED,
  /** What evaluation does: scaled, the centre cut out. */
  CENTER
}
