package io.github.vit4j.zoo.export;

import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.names.NameConverters;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A model's parameters as tensors of a graph, by their paths, under the names that timm knows. */
final class OnnxWeights {

  private final OnnxGraph graph;
  private final Map<String, ViTParameter> byPath = new HashMap<>();
  private final Map<String, String> names;

  OnnxWeights(OnnxGraph graph, VisionTransformer model) {
    this.graph = graph;
    model.namedParameters().forEach(p -> byPath.put(p.path(), p));
    names = NameConverters.forSaving(model).map(model).names();
  }

  boolean has(String path) {
    return byPath.containsKey(path);
  }

  String get(String path) {
    ViTParameter parameter =
        Objects.requireNonNull(byPath.get(path), () -> "the model has no " + path);
    return graph.tensor(names.getOrDefault(path, path), parameter.array());
  }
}
