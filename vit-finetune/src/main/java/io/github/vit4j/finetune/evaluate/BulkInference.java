package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
    this.batch = atLeastOne("a batch", "images", batch);
    this.threads = atLeastOne("a run", "decoding threads", threads);
    this.progress = progress;
  }

  private static int atLeastOne(String what, String of, int value) {
    if (value < 1 || value > 65_536) {
      throw new BadInputException(
          "%s cannot have %d %s; give 1 to 65536".formatted(what, value, of));
    }
    return value;
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
    if (files.isEmpty()) {
      throw new BadInputException("there is no image to run; give at least one");
    }
    int size = Math.min(batch, files.size());
    int floats = model.preprocessing().floats();
    FloatBuffer pixels = buffer(size, floats);
    int[] indices = new int[size];
    List<UnreadableImage> unreadable = new ArrayList<>();
    try (PixelReader reader = new PixelReader(files, model.preprocessing(), threads, 2 * size)) {
      int filled = 0;
      for (int i = 0; i < files.size(); i++) {
        PixelReader.Result next = reader.next();
        if (next.pixels() == null) {
          unreadable.add(new UnreadableImage(files.get(i), next.problem()));
        } else {
          pixels.put(next.pixels());
          indices[filled++] = i;
        }
        boolean last = i == files.size() - 1;
        if (filled == size || last && filled > 0) {
          pixels.flip();
          float[][] results = pooled ? model.embed(pixels, filled) : model.logits(pixels, filled);
          for (int k = 0; k < filled; k++) {
            rows.accept(results[k], indices[k]);
          }
          pixels.clear();
          filled = 0;
          progress.at(i + 1, files.size());
        } else if (last) {
          progress.at(files.size(), files.size());
        }
      }
    }
    return List.copyOf(unreadable);
  }

  private static FloatBuffer buffer(int images, int floats) {
    long bytes = (long) images * floats * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInputException(
          "a batch of %d images of %d values each takes over 2 GiB; use smaller batches"
              .formatted(images, floats));
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
