package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;

/**
 * How often the true class was the model's first choice, or among its first five.
 *
 * @param images how many were counted
 * @param top1 of how many the true class came first
 * @param top5 of how many it came among the first five
 */
public record Accuracy(int images, int top1, int top5) {

  /** Of no image. */
  public static final Accuracy NONE = new Accuracy(0, 0, 0);

  /** Refuses counts that cannot be. */
  public Accuracy {
    if (top1 < 0 || top5 < top1 || images < top5) {
      throw new BadInputException(
          "%d first and %d among the first five of %d images cannot be"
              .formatted(top1, top5, images));
    }
  }

  /**
   * {@return the counts with one more image}
   *
   * <p>Of equal logits the one of the lower class comes first. A logit that is not a number comes
   * before all others, and never makes the true class right.
   *
   * @param logits one for each class
   * @param label the true class
   * @throws BadInputException if there is no such class
   */
  public Accuracy plus(float[] logits, int label) {
    if (label < 0 || label >= logits.length) {
      throw new BadInputException(
          "class %d is none of the model's %d classes".formatted(label, logits.length));
    }
    int rank = rank(logits, label);
    return new Accuracy(images + 1, top1 + (rank < 1 ? 1 : 0), top5 + (rank < 5 ? 1 : 0));
  }

  private static int rank(float[] logits, int label) {
    float own = logits[label];
    if (Float.isNaN(own)) {
      return Integer.MAX_VALUE;
    }
    int before = 0;
    for (int i = 0; i < logits.length; i++) {
      if (Float.isNaN(logits[i]) || logits[i] > own || i < label && logits[i] == own) {
        before++;
      }
    }
    return before;
  }

  /** {@return top-1 accuracy in percent; not a number if there is no image} */
  public double top1Percent() {
    return images == 0 ? Double.NaN : 100.0 * top1 / images;
  }

  /** {@return top-5 accuracy in percent; not a number if there is no image} */
  public double top5Percent() {
    return images == 0 ? Double.NaN : 100.0 * top5 / images;
  }
}
