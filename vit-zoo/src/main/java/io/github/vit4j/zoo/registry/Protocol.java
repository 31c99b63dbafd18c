package io.github.vit4j.zoo.registry;

/** How a published top-1 accuracy was reached. */
public enum Protocol {
  /** By the classifier that comes with the weights. */
  HEAD("head", "own head"),

  /** By a linear classifier trained on the frozen features; it is not among the weights. */
  LINEAR("linear", "linear probe"),

  /** By the nearest neighbours of the frozen features in the training set. */
  KNN("knn", "nearest neighbours"),

  /** By comparison with a text tower that is not among the weights. */
  ZERO_SHOT("zero_shot", "zero-shot"),

  /** After fine-tuning all weights, to others than these. */
  FINE_TUNED("fine_tuned", "after fine-tuning");

  private final String word;
  private final String title;

  Protocol(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /** {@return the word in files of entries} */
  public String word() {
    return word;
  }

  /** {@return the words for people} */
  public String title() {
    return title;
  }
}
