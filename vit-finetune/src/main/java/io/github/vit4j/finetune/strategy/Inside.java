package io.github.vit4j.finetune.strategy;

import ai.djl.nn.Block;
import io.github.vit4j.model.VisionTransformer;
import java.util.Optional;

/** Finds the Vision Transformer within a block. */
final class Inside {

  private Inside() {}

  static Optional<VisionTransformer> find(Block block) {
    if (block instanceof VisionTransformer vit) {
      return Optional.of(vit);
    }
    return block.getChildren().values().stream().flatMap(b -> find(b).stream()).findFirst();
  }
}
