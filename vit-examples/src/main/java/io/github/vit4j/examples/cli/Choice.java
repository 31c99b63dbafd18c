package io.github.vit4j.examples.cli;

import ai.djl.modality.Classifications;
import io.github.vit4j.inference.Softmax;
import io.github.vit4j.zoo.Label;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A class that a model considers.
 *
 * @param id as in {@link Label}
 * @param name as in {@link Label}
 * @param probability 0 to 1
 */
record Choice(String id, String name, double probability) {

  /** The most probable classes, the best first. */
  static List<Choice> best(float[] logits, List<Label> labels, int count) {
    Classifications all =
        Softmax.classifications(logits, labels.stream().map(Label::name).toList());
    List<Double> probabilities = all.getProbabilities();
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(probabilities::get).reversed())
        .limit(count)
        .map(i -> new Choice(labels.get(i).id(), labels.get(i).name(), probabilities.get(i)))
        .toList();
  }
}
