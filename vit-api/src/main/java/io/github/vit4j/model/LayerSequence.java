package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers in a row, numbered as PyTorch numbers them: a GELU takes a number but has no parameter.
 */
final class LayerSequence extends Part {

  private final List<@Nullable Part> layers = new ArrayList<>();

  void then(Part layer) {
    layers.add(part(Integer.toString(layers.size()), layer));
  }

  void gelu() {
    layers.add(null);
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    NDArray y = x;
    for (Part layer : layers) {
      y = layer == null ? y.getNDArrayInternal().gelu() : layer.apply(pass, y);
    }
    return y;
  }
}
