package io.github.vit4j.examples.sweep;

import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.examples.study.OutcomeFile;
import io.github.vit4j.model.ViTSummary;
import io.github.vit4j.model.VisionTransformer;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a run's result follows from, as its folder keeps it.
 *
 * @param run its name
 * @param size name of the model's size
 * @param width of the tokens
 * @param depth blocks
 * @param heads of attention
 * @param imageSize side of the images in pixels
 * @param patchSize side of the patches in pixels
 * @param mlpRatio width of the feed-forward layers by that of the tokens
 * @param fraction of the training images
 * @param epochs each of as many images as there are training images in all
 * @param batch images a step
 * @param rate highest learning rate
 * @param seed every draw follows from it
 * @param data name of the data set, without the folder that it lies in
 * @param classes of the data set
 * @param trainImages of the data set
 * @param partImages of these that the run learns from
 * @param testImages that it is measured on
 */
record RunSettings(
    String run,
    String size,
    int width,
    int depth,
    int heads,
    int imageSize,
    int patchSize,
    double mlpRatio,
    double fraction,
    int epochs,
    int batch,
    double rate,
    long seed,
    String data,
    int classes,
    int trainImages,
    int partImages,
    int testImages) {

  private static final String FILE = "settings.json";

  /**
   * {@return the settings of one run}
   *
   * @param sweep that it belongs to
   * @param cell the run
   * @param name of the data set
   * @param data the images
   */
  static RunSettings of(Sweep sweep, Cell cell, String name, SweepData data) {
    return new RunSettings(
        cell.name(),
        cell.size().name(),
        cell.size().width(),
        cell.size().depth(),
        cell.size().heads(),
        sweep.model().imageSize(),
        sweep.model().patchSize(),
        sweep.model().mlpRatio(),
        cell.fraction(),
        cell.epochs(),
        sweep.training().batch(),
        sweep.training().rateOf(cell.size().width()),
        sweep.seed(),
        name,
        data.all().train().classes().size(),
        data.all().train().size(),
        data.part(cell.fraction()).size(),
        data.all().validation().size());
  }

  /** {@return what a run's folder says, whether or not the run has begun; empty if it is new} */
  static Optional<RunSettings> read(Path folder) {
    return OutcomeFile.read(folder.resolve(FILE), RunSettings.class);
  }

  void write(Path folder) {
    OutcomeFile.write(folder.resolve(FILE), this);
  }

  /** {@return the model, not yet initialised} */
  VisionTransformer network() {
    return ViT.builder()
        .imageSize(imageSize)
        .patchSize(patchSize)
        .width(width)
        .depth(depth)
        .heads(heads)
        .mlpRatio(mlpRatio)
        .classToken(false)
        .pooling(Pooling.MEAN)
        .classes(classes)
        .seed(seed)
        .build();
  }

  /** {@return images that training computes on: what does not fill a batch is dropped} */
  long imagesSeen() {
    int epoch = trainImages < batch ? trainImages : trainImages / batch * batch;
    return (long) epochs * epoch;
  }

  /**
   * {@return multiply-accumulates of the training: of each image one pass forward, and as much
   * twice on the way back}
   *
   * @param model of these settings
   */
  double compute(ViTSummary model) {
    return 3.0 * model.macs() * imagesSeen();
  }

  /** {@return one phrase for each value that was another one} */
  List<String> differences(RunSettings then) {
    List<String> found = new ArrayList<>();
    for (RecordComponent component : RunSettings.class.getRecordComponents()) {
      Object before = value(component, then);
      Object now = value(component, this);
      if (!Objects.equals(before, now)) {
        found.add("%s was %s and is %s".formatted(component.getName(), before, now));
      }
    }
    return found;
  }

  private static Object value(RecordComponent component, RunSettings of) {
    try {
      return String.valueOf(component.getAccessor().invoke(of));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the accessors are this class's own
    }
  }
}
