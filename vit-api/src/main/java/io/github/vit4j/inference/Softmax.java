package io.github.vit4j.inference;

import ai.djl.modality.Classifications;
import java.util.ArrayList;
import java.util.List;

/** Turns logits into probabilities with names. */
public final class Softmax {

  private Softmax() {}

  /**
   * {@return the classes with their probabilities, in the order of the logits}
   *
   * @param logits one row
   * @param names as many names as logits
   */
  public static Classifications classifications(float[] logits, List<String> names) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - max);
    }
    List<Double> probabilities = new ArrayList<>(logits.length);
    for (float logit : logits) {
      probabilities.add(Math.exp(logit - max) / total);
    }
    return new Classifications(names, probabilities);
  }
}
