package io.github.vit4j.examples.study;

import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.zoo.ViTModel;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One training of a study.
 *
 * @param variant what is compared, as tables and legends name it
 * @param seed every draw follows from it
 * @param start opens or builds the model that training starts from
 * @param settings data and choices of the training; folder, seed and listener come from the study
 */
record Trial(
    String variant, long seed, Supplier<ViTModel> start, UnaryOperator<FineTuner> settings) {

  /** {@return the name of its folder} */
  String name() {
    return variant.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-seed" + seed;
  }
}
