package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.inference.ImageBatches;
import io.github.vit4j.inference.PixelBatch;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Runs a model over many image files. Files are decoded and preprocessed by several threads while
 * the model computes; memory holds a few batches, however many files there are.
 *
 * <p>Results come in the order of the files and do not depend on the number of threads. A file that
 * is no image, or a broken one, does not stop the run: it is reported at the end.
 *
 * <p>Immutable; it does not own the model.
 */
public final class BulkInference {

  /** Enough to keep the processor busy, at 224 pixels 19 MB. */
  public static final int DEFAULT_BATCH = ViTModel.DEFAULT_BATCH;

  private final ViTModel model;
  private final int batch;
  private final int threads;
  private final Progress progress;

  /**
   * Batches of {@value #DEFAULT_BATCH}, one decoding thread a processor, no progress.
   *
   * @param model stays open until the last run has ended
   */
  public BulkInference(ViTModel model) {
    this(model, DEFAULT_BATCH, Runtime.getRuntime().availableProcessors(), Progress.NONE);
  }

  private BulkInference(ViTModel model, int batch, int threads, Progress progress) {
    this.model = model;
    this.batch = ImageBatches.requireCount("a batch", "images", batch);
    this.threads = ImageBatches.requireCount("a run", "decoding threads", threads);
    this.progress = progress;
  }

  /**
   * {@return the same with another batch size}
   *
   * @param images how many images the model sees at once
   * @throws BadInputException if below 1 or above 65536
   */
  public BulkInference withBatch(int images) {
    return new BulkInference(model, images, threads, progress);
  }

  /**
   * {@return the same with another number of decoding threads}
   *
   * @param threads how many; the results are the same with any
   * @throws BadInputException if below 1 or above 65536
   */
  public BulkInference withThreads(int threads) {
    return new BulkInference(model, batch, threads, progress);
  }

  /**
   * {@return the same with a listener}
   *
   * @param progress hears of every batch
   */
  public BulkInference withProgress(Progress progress) {
    return new BulkInference(model, batch, threads, progress);
  }

  /** {@return the model} */
  public ViTModel model() {
    return model;
  }

  /**
   * Computes the logits of each image.
   *
   * @param files images, at least one
   * @param rows gets each row of logits with the index of its file, in order
   * @return the files that could not be used, in order; they get no row
   * @throws BadInputException if there is no file, or the model has no head
   */
  public List<UnreadableImage> logits(List<Path> files, ObjIntConsumer<float[]> rows) {
    if (model.network().config().classes() == 0) {
      throw new BadInputException(
          "this model has no head and gives no logits; compute embeddings, or use a classifier");
    }
    return run(files, false, rows);
  }

  /**
   * Computes the embedding of each image: the pooled features that the head reads.
   *
   * @param files images, at least one
   * @return the embeddings, and the files that could not be used
   * @throws BadInputException if there is no file
   */
  public Embeddings embed(List<Path> files) {
    List<Path> embedded = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    List<UnreadableImage> unreadable =
        run(
            files,
            true,
            (row, index) -> {
              embedded.add(files.get(index));
              rows.add(row);
            });
    return new Embeddings(embedded, rows, unreadable);
  }

  private List<UnreadableImage> run(
      List<Path> files, boolean pooled, ObjIntConsumer<float[]> rows) {
    List<UnreadableImage> unreadable = new ArrayList<>();
    try (ImageBatches batches = new ImageBatches(files, model.preprocessing(), batch, threads)) {
      while (batches.hasNext()) {
        PixelBatch next = batches.next();
        next.problems()
            .forEach(p -> unreadable.add(new UnreadableImage(files.get(p.index()), p.message())));
        if (next.images() > 0) {
          float[][] results =
              pooled
                  ? model.embed(next.pixels(), next.images())
                  : model.logits(next.pixels(), next.images());
          for (int k = 0; k < results.length; k++) {
            rows.accept(results[k], next.index(k));
          }
        }
        progress.at(next.end(), files.size());
      }
    }
    return List.copyOf(unreadable);
  }
}
