package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.MaskedImageModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * After every some epochs, a picture of what the model makes of the same few images with the same
 * patches hidden: the original, what it sees, what it predicts.
 */
final class Pictures {

  static final String FOLDER = "pictures";

  private static final long STREAM = 20;
  private static final int IMAGES = 8;
  private static final float GREY = 0.5f;

  private final MaskedImageModel model;
  private final PatchView view;
  private final Masking masking;
  private final Target target;
  private final ImageDataset images;
  private final int every;
  private final long seed;

  Pictures(
      MaskedImageModel model,
      PatchView view,
      Masking masking,
      Target target,
      ImageDataset images,
      int every,
      long seed) {
    this.model = model;
    this.view = view;
    this.masking = masking;
    this.target = target;
    this.images = images;
    this.every = every;
    this.seed = seed;
  }

  void after(int epoch, boolean last, Path run) {
    if (epoch % every != 0 && !last) {
      return;
    }
    Optional<byte[]> png = png();
    if (png.isPresent()) {
      try {
        Path folder = Files.createDirectories(run.resolve(FOLDER));
        WholeFile.write(folder.resolve("epoch-%04d.png".formatted(epoch)), png.get());
      } catch (IOException e) {
        throw new BadInputException("cannot make a folder for pictures in " + run + ": " + e, e);
      }
    }
  }

  private Optional<byte[]> png() {
    FloatBuffer given = pixels();
    int count = given.remaining() / view.preprocessing().floats();
    if (count == 0) {
      return Optional.empty();
    }
    NDManager owner = model.network().namedParameters().get(0).array().getManager();
    try (NDManager scope = owner.newSubManager()) {
      NDArray pixels = PatchImages.own(scope.create(given, shape(count)));
      boolean[] hidden = new boolean[count * view.patches()];
      for (int i = 0; i < count; i++) {
        MaskedPatches.draw(masking, view, RandomStreams.of(seed, STREAM, i), hidden, i);
      }
      NDArray mask = scope.create(hidden, new Shape(count, view.patches()));
      NDArray predicted =
          model
              .forward(new ParameterStore(scope, false), new NDList(pixels, mask), false)
              .singletonOrThrow();
      PatchImages whole = new PatchImages(pixels, view);
      long[] indices = MaskedPatches.indices(hidden);
      return target
          .paint(whole, indices, predicted)
          .map(painted -> png(whole, indices, painted.toFloatArray()));
    }
  }

  private Shape shape(int count) {
    return new Shape(count, 3, view.preprocessing().height(), view.preprocessing().width());
  }

  /** Some images from all over the data set; in place of one that is broken, the next. */
  private FloatBuffer pixels() {
    int count = Math.min(IMAGES, images.size());
    int step = Math.max(1, images.size() / count);
    FloatBuffer pixels = FloatBuffer.allocate(count * view.preprocessing().floats());
    for (int i = 0; i < count; i++) {
      int index = i * step;
      while (index < (i + 1) * step && !read(index, pixels)) {
        index++;
      }
    }
    return pixels.flip();
  }

  /** Training says which images are broken, and ends if it must not leave them out. */
  private boolean read(int index, FloatBuffer to) {
    RgbImage image;
    try {
      image = images.image(index);
    } catch (BadInputException e) {
      return false;
    }
    view.preprocessing().apply(image, to);
    return true;
  }

  private byte[] png(PatchImages whole, long[] hidden, float[] painted) {
    float[] patches = whole.patches(whole.colours()).toFloatArray();
    int values = view.values();
    float[] seen = patches.clone();
    float[] predicted = patches.clone();
    for (int i = 0; i < hidden.length; i++) {
      int at = (int) hidden[i] * values;
      Arrays.fill(seen, at, at + values, GREY);
      System.arraycopy(painted, i * values, predicted, at, values);
    }
    List<float[]> columns = new ArrayList<>(List.of(patches, seen, predicted));
    return PictureGrid.png(columns, view, whole.count());
  }
}
