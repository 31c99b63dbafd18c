package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.augment.SampleTransform;

/**
 * How a {@link BatchLoader} is to load. Every method gives new settings.
 *
 * @param data what to load; read by many threads
 * @param transform from images to pixels
 * @param sampler which images an epoch shows, in which order
 * @param mixup soft targets, and how images of a batch are mixed
 * @param remainder what becomes of an epoch's last images
 * @param batch images a batch, 1 to 65536
 * @param epochs how many, at least 1
 * @param seed every draw follows from it
 * @param threads workers, 1 to 1024; the batches are the same with any number
 * @param prefetch batches that are made ahead, 1 to 64
 * @param skipsUnreadable whether images that cannot be used are left out of their batches and
 *     listed, instead of ending the run
 */
public record BatchLoaderSettings(
    ImageDataset data,
    SampleTransform transform,
    Sampler sampler,
    Mixup mixup,
    Remainder remainder,
    int batch,
    int epochs,
    long seed,
    int threads,
    int prefetch,
    boolean skipsUnreadable) {

  private static final int DEFAULT_BATCH = 32;

  /** Checks every value. */
  public BatchLoaderSettings {
    require("a batch", batch, 65_536, "images");
    require("a run", epochs, Integer.MAX_VALUE, "epochs");
    require("a loader", threads, 1024, "threads");
    require("a loader", prefetch, 64, "batches ahead");
    if (sampler.size() != data.size()) {
      throw new BadInputException(
          "the sampler is for %d images, but the data set has %d; make one for this data set"
              .formatted(sampler.size(), data.size()));
    }
  }

  private static void require(String what, int value, int most, String of) {
    if (value < 1 || value > most) {
      throw new BadInputException(
          "%s cannot have %d %s; give 1 to %d".formatted(what, value, of, most));
    }
  }

  static BatchLoaderSettings of(ImageDataset data, SampleTransform transform) {
    return new BatchLoaderSettings(
        data,
        transform,
        Sampler.sequential(data.size()),
        Mixup.NONE,
        Remainder.KEEP,
        DEFAULT_BATCH,
        Integer.MAX_VALUE,
        0,
        Runtime.getRuntime().availableProcessors(),
        2,
        false);
  }

  /**
   * {@return batches of another size}
   *
   * @param images 1 to 65536; the default is 32
   */
  public BatchLoaderSettings batch(int images) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        images,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another order}
   *
   * @param sampler for a data set of this size; the default shows every image once, in order
   */
  public BatchLoaderSettings sampler(Sampler sampler) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return other targets}
   *
   * @param mixup mixing and label smoothing; the default is neither
   */
  public BatchLoaderSettings mixup(Mixup mixup) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another treatment of an epoch's last images}
   *
   * @param remainder the default keeps them, as a smaller batch
   */
  public BatchLoaderSettings remainder(Remainder remainder) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another number of epochs}
   *
   * @param epochs at least 1; the default goes on for ever
   */
  public BatchLoaderSettings epochs(int epochs) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another seed}
   *
   * @param seed of augmentation and mixing; the sampler has its own. The default is 0
   */
  public BatchLoaderSettings seed(long seed) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another number of workers}
   *
   * @param threads 1 to 1024; the default is one a processor
   */
  public BatchLoaderSettings threads(int threads) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        prefetch,
        skipsUnreadable);
  }

  /**
   * {@return another number of batches that are made ahead}
   *
   * @param batches 1 to 64; the default is 2. Each takes {@code batch * 3 * H * W * 4} bytes of
   *     direct memory
   */
  public BatchLoaderSettings prefetch(int batches) {
    return new BatchLoaderSettings(
        data,
        transform,
        sampler,
        mixup,
        remainder,
        batch,
        epochs,
        seed,
        threads,
        batches,
        skipsUnreadable);
  }

  /**
   * {@return images that cannot be used left out, or ending the run}
   *
   * @param skip whether to leave them out and list them; the default is not to. A batch may then
   *     have fewer images, or none: look at {@link ImageBatch#size()} before handing it to a model
   */
  public BatchLoaderSettings skipUnreadable(boolean skip) {
    return new BatchLoaderSettings(
        data, transform, sampler, mixup, remainder, batch, epochs, seed, threads, prefetch, skip);
  }

  /**
   * {@return a loader that has begun to load}
   *
   * @throws BadInputException if a label is out of range, an epoch has no batch, or there is no
   *     memory for one
   */
  public BatchLoader start() {
    int classes = data.classes().size();
    for (int i = 0; i < data.size(); i++) {
      int label = data.label(i);
      if (label < 0 || label >= classes) {
        throw new BadInputException(
            "%s has the label %d, but there are %d classes; labels run from 0 to %d"
                .formatted(data.name(i), label, classes, classes - 1));
      }
    }
    return new BatchLoader(this);
  }

  /** How many batches an epoch has. */
  int stepsPerEpoch() {
    int length = sampler.length();
    int whole = length / batch;
    if (remainder != Remainder.DROP) {
      return length % batch == 0 ? whole : whole + 1;
    }
    if (whole == 0) {
      throw new BadInputException(
          "a batch of %d is larger than the %d images of an epoch, so none would be left; use smaller batches, or keep the remainder"
              .formatted(batch, length));
    }
    return whole;
  }
}
