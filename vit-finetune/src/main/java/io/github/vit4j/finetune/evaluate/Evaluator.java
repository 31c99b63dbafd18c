package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how often a model is right about labelled images.
 *
 * <pre>{@code
 * LabelledFiles flowers = LabelledFiles.ofClassFolders(Path.of("flowers/test"));
 * Evaluation found = new Evaluator(vit).evaluate(flowers);
 * System.out.println(found.accuracy().top1Percent() + " % of " + found.accuracy().images());
 * }</pre>
 */
public final class Evaluator {

  private final BulkInference inference;

  /**
   * Evaluates in batches of {@value BulkInference#DEFAULT_BATCH}.
   *
   * @param model stays open until the last evaluation has ended
   */
  public Evaluator(ViTModel model) {
    this(new BulkInference(model));
  }

  /**
   * @param inference the model with batch size, threads and progress
   */
  public Evaluator(BulkInference inference) {
    this.inference = inference;
  }

  /**
   * {@return accuracy, and the files that could not be used}
   *
   * <p>A label belongs to the class whose id it is, or else to the one whose name it is, without
   * regard to case where no two classes differ in it alone.
   *
   * @param data images with labels
   * @throws BadInputException if a label is none of the model's, or the model has no head
   */
  public Evaluation evaluate(LabelledFiles data) {
    return evaluate(data, new ClassLookup(inference.model().labels()).indices(data));
  }

  /**
   * {@return accuracy, and the files that could not be used, by the order of the classes}
   *
   * <p>Class i of the data is the model's logit i, whatever either calls it.
   *
   * @param data images with the classes that the model was trained for, in the same order
   * @throws BadInputException if there are not as many, or the model has no head
   */
  public Evaluation evaluate(FileImages data) {
    int known = inference.model().network().config().classes();
    if (known != data.classes().size()) {
      throw new BadInputException(
          "the model knows %d classes, but the images are of %d; choose a model of these classes"
              .formatted(known, data.classes().size()));
    }
    return evaluate(data.files(), IntStream.range(0, data.size()).map(data::label).toArray());
  }

  private Evaluation evaluate(LabelledFiles data, int[] labels) {
    List<Path> files = data.files().stream().map(LabelledFile::file).toList();
    Tally tally = new Tally();
    long start = System.nanoTime();
    List<UnreadableImage> unreadable =
        inference.logits(
            files, (logits, i) -> tally.accuracy = tally.accuracy.plus(logits, labels[i]));
    return new Evaluation(tally.accuracy, unreadable, Duration.ofNanos(System.nanoTime() - start));
  }

  private static final class Tally {
    private Accuracy accuracy = Accuracy.NONE;
  }
}
