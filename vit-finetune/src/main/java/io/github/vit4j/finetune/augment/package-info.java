/** Augmentation of training images, as Pillow, torchvision and timm do it, from seeded draws. */
@NullMarked
package io.github.vit4j.finetune.augment;

import org.jspecify.annotations.NullMarked;
