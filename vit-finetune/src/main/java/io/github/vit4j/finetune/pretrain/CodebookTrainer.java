package io.github.vit4j.finetune.pretrain;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.augment.SampleTransform;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.evaluate.Progress;
import io.github.vit4j.image.EvalTransform;
import java.util.SplittableRandom;

/**
 * Makes a codebook of one's own images, by k-means over the vectors of their patches.
 *
 * <pre>{@code
 * Codebook codebook =
 *     CodebookTrainer.of(images, EvalTransform.ofSize(32)).vectors(new PixelVectors(4)).train();
 * codebook.save(Path.of("codebook.safetensors"));
 * }</pre>
 *
 * <p>Images are read once, one batch after the other, without augmentation; a random sample of
 * their patches, the same number from each image, stays in memory. The centres begin by k-means++
 * (Arthur and Vassilvitskii 2007) and move by Lloyd's algorithm. Every draw follows from the seed.
 */
public final class CodebookTrainer {

  private static final long STREAM = 18;
  private static final int BATCH = 32;
  private static final int FEWEST_SAMPLES = 50_000;
  private static final int SAMPLES_PER_ENTRY = 20;

  private final ImageDataset images;
  private final EvalTransform preprocessing;
  private PatchVectors vectors = new PixelVectors(16);
  private Progress progress = (done, total) -> {};
  private int size = 512;
  private int samples;
  private int iterations = 30;
  private long seed;

  private CodebookTrainer(ImageDataset images, EvalTransform preprocessing) {
    this.images = images;
    this.preprocessing = preprocessing;
  }

  /**
   * {@return a trainer with the defaults: 512 entries of pixels of patches of 16}
   *
   * @param images labels are not looked at
   * @param preprocessing size of the images; the normalisation makes no difference
   */
  public static CodebookTrainer of(ImageDataset images, EvalTransform preprocessing) {
    return new CodebookTrainer(images, preprocessing);
  }

  /**
   * Chooses what stands for a patch.
   *
   * @param vectors default the pixels of patches of 16
   * @return this
   */
  public CodebookTrainer vectors(PatchVectors vectors) {
    this.vectors = vectors;
    return this;
  }

  /**
   * Chooses the number of entries.
   *
   * @param entries 2 to 65536; default 512, BEiT's tokenizer has 8192
   * @return this
   */
  public CodebookTrainer size(int entries) {
    if (entries < 2 || entries > Codebook.LARGEST) {
      throw new BadInputException(
          "a codebook of %d entries is not possible; give 2 to %d"
              .formatted(entries, Codebook.LARGEST));
    }
    size = entries;
    return this;
  }

  /**
   * Chooses how many patches are learned from.
   *
   * @param patches at most; default 20 an entry, but at least 50,000. They stay in memory
   * @return this
   */
  public CodebookTrainer samples(int patches) {
    if (patches < 1) {
      throw new BadInputException(
          "%d patches are nothing to learn from; give at least as many as entries"
              .formatted(patches));
    }
    samples = patches;
    return this;
  }

  /**
   * Chooses how often the centres move at most.
   *
   * @param iterations default 30; fewer where they hardly move any more
   * @return this
   */
  public CodebookTrainer iterations(int iterations) {
    if (iterations < 1) {
      throw new BadInputException(
          "%d iterations move nothing; give at least 1".formatted(iterations));
    }
    this.iterations = iterations;
    return this;
  }

  /**
   * Chooses the seed.
   *
   * @param seed default 0
   * @return this
   */
  public CodebookTrainer seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Chooses who hears how many images were read.
   *
   * @param progress default nobody
   * @return this
   */
  public CodebookTrainer progress(Progress progress) {
    this.progress = progress;
    return this;
  }

  /**
   * Makes the codebook, on the CPU.
   *
   * @return the codebook
   * @throws BadInputException if an image cannot be read or is no multiple of the patch size, or
   *     there are fewer patches, or fewer different ones, than entries
   */
  public Codebook train() {
    int patch = vectors.patchSize();
    int height = preprocessing.height();
    int width = preprocessing.width();
    if (height % patch != 0 || width % patch != 0) {
      throw new BadInputException(
          "images of %d x %d pixels cannot be cut into patches of %d; give a size that is a multiple"
              .formatted(height, width, patch));
    }
    PatchView view = new PatchView(height / patch, width / patch, patch, preprocessing);
    long available = (long) images.size() * view.patches();
    if (available < size) {
      throw new BadInputException(
          "a codebook of %d entries cannot be made of %d patches (%d images of %d); give a smaller size, or more images"
              .formatted(size, available, images.size(), view.patches()));
    }
    long wanted = samples > 0 ? samples : Math.max(FEWEST_SAMPLES, (long) SAMPLES_PER_ENTRY * size);
    int perImage = (int) Math.min(view.patches(), (wanted + images.size() - 1) / images.size());
    long count = (long) perImage * images.size();
    if (count < size) {
      throw new BadInputException(
          "a codebook of %d entries cannot be made of a sample of %d patches; give a larger sample"
              .formatted(size, count));
    }
    if (count * Math.max(vectors.width(), view.values()) > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          "a sample of %d patches of %d numbers does not fit into memory; give fewer samples or images"
              .formatted(count, vectors.width()));
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      PatchSample sample = read(manager, view, perImage);
      KMeans means = new KMeans(sample.vectors(), vectors.width(), seed);
      KMeans.Found found = means.cluster(manager, size, iterations);
      float[] colours = KMeans.means(sample.colours(), view.values(), found.assigned(), size);
      return new Codebook(found.centres(), colours, size, patch, vectors.identity());
    }
  }

  private PatchSample read(NDManager manager, PatchView view, int perImage) {
    PatchSample sample = new PatchSample(perImage * images.size(), vectors.width(), view.values());
    SplittableRandom random = RandomStreams.of(seed, STREAM);
    try (BatchLoader loader =
        BatchLoader.of(new Unlabelled(images), SampleTransform.of(preprocessing))
            .batch(Math.min(BATCH, images.size()))
            .epochs(1)
            .start()) {
      int done = 0;
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next();
            NDManager scope = manager.newSubManager()) {
          PatchImages some = new PatchImages(batch.pixels(scope).duplicate(), view);
          long[] rows = rows(batch.size(), view.patches(), perImage, random);
          NDArray colours = PatchImages.rows(some.patches(some.colours()), rows);
          NDArray own = PatchImages.rows(vectors.of(some), rows);
          sample.add(finite(own.toFloatArray()), colours.toFloatArray());
          done += batch.size();
          progress.at(done, images.size());
        }
      }
    }
    return sample;
  }

  private float[] finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new BadInputException(
            "%s hold values that are no finite numbers; take another model"
                .formatted(vectors.identity()));
      }
    }
    return values;
  }

  /** Some patches of each image, ascending. */
  private static long[] rows(int batch, int patches, int perImage, SplittableRandom random) {
    long[] rows = new long[batch * perImage];
    int to = 0;
    for (int image = 0; image < batch; image++) {
      int left = perImage;
      for (int i = 0; left > 0; i++) {
        if ((patches - i) * random.nextDouble() < left) {
          rows[to++] = (long) image * patches + i;
          left--;
        }
      }
    }
    return rows;
  }
}
