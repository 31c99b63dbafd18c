package io.github.vit4j.examples.bench;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.error.BadInputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * One thing to measure.
 *
 * @param model which architecture
 * @param size side of the images in pixels
 * @param batch images at once
 * @param precision what products are computed in
 * @param work what is done with the model
 */
record BenchCase(Shape model, int size, int batch, Precision precision, Work work) {

  /** The architectures, with patches of 16 pixels and 1000 classes. */
  enum Shape {
    Ti,
    S,
    B,
    S18x2,
    S36x1;

    private ViTBuilder preset() {
      return switch (this) {
        case Ti -> ViT.builder().tiny();
        case S -> ViT.builder().small();
        case B -> ViT.builder().base();
        case S18x2 -> ViT.builder().small().depth(18).parallel(2).layerScale(1e-4f);
        case S36x1 -> ViT.builder().small().depth(36).layerScale(1e-4f);
      };
    }
  }

  /** What products are computed in. */
  enum Precision {
    float32,
    bfloat16,
    int8
  }

  /** What is done with the model. */
  enum Work {
    /** A forward pass. */
    inference(1),

    /** Forward, backward and AdamW, everything trainable; twice a forward pass more. */
    train(3),

    /** The same, computing each block again in the backward pass; as many useful operations. */
    train_recompute(3),

    /** The same with attention, positions and head alone trainable: the count is not comparable. */
    train_attention(0);

    private final int forwardPasses;

    Work(int forwardPasses) {
      this.forwardPasses = forwardPasses;
    }
  }

  /** The model, without values. */
  ViTBuilder builder() {
    return model
        .preset()
        .imageSize(size)
        .classes(1000)
        .trainingPrecision(
            precision == Precision.bfloat16
                ? io.github.vit4j.compute.Precision.BFLOAT16
                : io.github.vit4j.compute.Precision.FLOAT32);
  }

  /** Floating-point operations of one batch, or 0 where they are not counted. */
  double flops() {
    return 2.0 * work.forwardPasses * batch * builder().build().summary().macs();
  }

  /** As {@link #parse} reads it. */
  String text() {
    return "%s,%d,%d,%s,%s".formatted(model, size, batch, precision, work);
  }

  static BenchCase parse(String text) {
    String[] words = text.split(",");
    return new BenchCase(
        Shape.valueOf(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Precision.valueOf(words[3]),
        Work.valueOf(words[4]));
  }

  static <E extends Enum<E>> E named(Class<E> type, String option, String name) {
    E[] known = type.getEnumConstants();
    return Arrays.stream(known)
        .filter(e -> e.name().replace('_', '-').equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s has no '%s'; known are %s"
                        .formatted(
                            option,
                            name,
                            Arrays.toString(known).toLowerCase(Locale.ROOT).replace('_', '-'))));
  }
}
