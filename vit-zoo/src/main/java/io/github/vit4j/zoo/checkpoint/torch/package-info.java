/**
 * What {@code torch.save} writes, read without Python: which tensors there are, and where in the
 * file. For {@code zoo.checkpoint.TorchFile}, not for callers.
 */
@NullMarked
package io.github.vit4j.zoo.checkpoint.torch;

import org.jspecify.annotations.NullMarked;
