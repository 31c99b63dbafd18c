package io.github.vit4j.finetune.pretrain;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.finetune.train.Objective;
import io.github.vit4j.model.MaskedImageModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** BEiT's objective: hides patches of every image, and asks what they held. */
final class MaskedPatches implements Objective {

  /** Keys 1 to 3 of the streams are the loader's, 16 the engine's. */
  private static final long STREAM = 17;

  private final MaskedImageModel model;
  private final PatchView view;
  private final Masking masking;
  private final Target target;
  private final @Nullable Pictures pictures;
  private final Consumer<Path> last;

  /**
   * @param pictures drawn after some epochs, or null for none
   * @param last writes the model when the run is over
   */
  MaskedPatches(
      MaskedImageModel model,
      PatchView view,
      Masking masking,
      Target target,
      @Nullable Pictures pictures,
      Consumer<Path> last) {
    this.model = model;
    this.view = view;
    this.masking = masking;
    this.target = target;
    this.pictures = pictures;
    this.last = last;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "masking",
        masking instanceof Record ? masking.toString() : "custom",
        "target",
        target.identity());
  }

  @Override
  public Portion prepare(ImageBatch batch, NDManager scope, Moment at) {
    NDArray pixels = batch.pixels(scope).duplicate(); // memory aligned alike in every process
    boolean[] hidden = new boolean[batch.size() * view.patches()];
    for (int i = 0; i < batch.size(); i++) {
      RandomGenerator random = RandomStreams.of(at.seed(), STREAM, at.step(), at.portion(), i);
      draw(masking, view, random, hidden, i);
    }
    NDArray mask = PatchImages.own(scope.create(hidden, new Shape(batch.size(), view.patches())));
    PatchImages images = new PatchImages(pixels, view);
    NDArray aims = target.aims(images, indices(hidden));
    return new Hidden(pixels, mask, aims);
  }

  static void draw(
      Masking masking, PatchView view, RandomGenerator random, boolean[] hidden, int image) {
    boolean[] one = masking.draw(view.rows(), view.columns(), random);
    System.arraycopy(one, 0, hidden, image * view.patches(), view.patches());
  }

  static long[] indices(boolean... hidden) {
    long[] indices = new long[hidden.length];
    int count = 0;
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        indices[count++] = i;
      }
    }
    long[] some = new long[count];
    System.arraycopy(indices, 0, some, 0, count);
    return some;
  }

  /** Images with hidden patches, and what these held. */
  private final class Hidden implements Portion {

    private final NDArray pixels;
    private final NDArray mask;
    private final NDArray aims;
    private @Nullable NDArray predicted;

    Hidden(NDArray pixels, NDArray mask, NDArray aims) {
      this.pixels = pixels;
      this.mask = mask;
      this.aims = aims;
    }

    @Override
    public NDArray loss(TrainingStep step) {
      NDArray found = step.forward(model, new NDList(pixels, mask)).singletonOrThrow();
      predicted = found;
      return target.loss(found, aims);
    }

    @Override
    public Score score() {
      return target.score(requireNonNull(predicted), aims);
    }
  }

  @Override
  public void epochOver(int epoch, boolean last, Path folder) {
    if (pictures != null) {
      pictures.after(epoch, last, folder);
    }
  }

  @Override
  public void finished(Path folder) {
    last.accept(folder);
  }
}
