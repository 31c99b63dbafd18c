package io.github.vit4j.finetune.task;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One base and the tasks that were tuned from it, at the price in memory of the base and of what
 * each task changed.
 *
 * <pre>{@code
 * try (SharedBackbone shared = SharedBackbone.of(base)) {
 *   shared.task("flowers", Path.of("flowers.task.safetensors"));
 *   shared.task("cars", Path.of("cars.task.safetensors"));
 *   System.out.println(shared.classify("cars", Path.of("car.jpg")).best());
 * }
 * }</pre>
 *
 * <p>It owns its tasks. The base stays the caller's, unless {@link #owning} was told otherwise, and
 * goes on working as a model of its own; closing it closes this, too. While it is shared it must
 * not be trained, cleared or initialised again: its memory is the tasks'.
 *
 * <p>Any number of threads may use it at once, also while tasks come and go, as long as nobody
 * closes what another is using.
 */
public final class SharedBackbone implements AutoCloseable {

  private static final AtomicLong COUNT = new AtomicLong();

  private final ViTModel base;
  private final boolean ownsBase;
  private final String id = "vit4j-shared-backbone-" + COUNT.incrementAndGet();
  private final Map<String, ViTModel> tasks = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable BaseDigest digest;

  private SharedBackbone(ViTModel base, boolean ownsBase) {
    this.base = base;
    this.ownsBase = ownsBase;
    // handles on the base's memory must not outlive it
    base.djlModel().getNDManager().attachInternal(id, this);
  }

  /**
   * {@return a base for tasks, which stays the caller's}
   *
   * @param base an open model, which the caller closes after this
   */
  public static SharedBackbone of(ViTModel base) {
    return new SharedBackbone(base, false);
  }

  /**
   * {@return a base for tasks, which is closed together with this}
   *
   * @param base an open model
   */
  public static SharedBackbone owning(ViTModel base) {
    return new SharedBackbone(base, true);
  }

  /**
   * Adds a task. Everything is checked first; if something does not fit, nothing has changed. The
   * first task also costs a pass over the base's weights, for their checksum.
   *
   * @param name what the task shall be called here
   * @param file a task file, which may be replaced (not truncated) while the task is open
   * @return the task's model, which stays this object's: use it as any other, but do not close it
   * @throws BadInputException if the file is no task file, is of another base, or is broken, or if
   *     there is a task of that name
   */
  public synchronized ViTModel task(String name, Path file) {
    requireOpen();
    if (tasks.containsKey(name)) {
      throw new BadInputException(
          "there is a task '%s' already; remove it first, or choose another name".formatted(name));
    }
    if (digest == null) {
      digest = BaseDigest.of(base);
    }
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      ViTModel task = TaskModel.open(name, checkpoint, base, digest);
      tasks.put(name, task);
      return task;
    }
  }

  /** {@return the base} */
  public ViTModel base() {
    return base;
  }

  /** {@return the names of the tasks, sorted} */
  public List<String> tasks() {
    return List.copyOf(new TreeSet<>(tasks.keySet()));
  }

  /**
   * {@return a task's model, which stays this object's: use it as any other, but do not close it}
   *
   * @param task its name here
   * @throws BadInputException if there is no such task
   */
  public ViTModel model(String task) {
    requireOpen();
    ViTModel model = tasks.get(task);
    if (model == null) {
      throw new BadInputException(
          "there is no task '%s'; there are %s, add others with task(name, file)"
              .formatted(task, tasks()));
    }
    return model;
  }

  /**
   * Lets go of a task and of its own weights; base and other tasks stay as they are.
   *
   * @param task its name here
   * @throws BadInputException if there is no such task
   */
  public synchronized void remove(String task) {
    model(task).close();
    tasks.remove(task);
  }

  /**
   * {@return how many bytes of weights a task has of its own; all others are the base's}
   *
   * @param task its name here
   * @throws BadInputException if there is no such task
   */
  public long ownBytes(String task) {
    ViTModel model = model(task);
    NDManager own = model.djlModel().getNDManager();
    long bytes = 0;
    for (ViTParameter p : model.network().namedParameters()) {
      NDArray array = p.array();
      if (array.getManager() == own) {
        bytes += array.size() * array.getDataType().getNumOfBytes();
      }
    }
    return bytes;
  }

  /**
   * {@return a DJL predictor that classifies; the caller closes it, before this}
   *
   * @param task its name here
   * @throws BadInputException if there is no such task, or it has no head
   */
  public Predictor<Image, Classifications> newPredictor(String task) {
    return model(task).newPredictor();
  }

  /**
   * {@return the classes of an image with their probabilities}
   *
   * @param task its name here
   * @param image a JPEG, PNG, WebP, GIF or BMP file
   * @throws BadInputException if there is no such task, it has no head, or the file is no image
   */
  public Classifications classify(String task, Path image) {
    return model(task).classify(image);
  }

  /**
   * {@return the classes of an image with their probabilities}
   *
   * @param task its name here
   * @param image of any size
   * @throws BadInputException if there is no such task, or it has no head
   */
  public Classifications classify(String task, RgbImage image) {
    return model(task).classify(image);
  }

  /**
   * {@return the classes of each image with their probabilities}
   *
   * @param task its name here
   * @param images of any size
   * @throws BadInputException if there is no such task, it has no head, or there is no image
   */
  public List<Classifications> classify(String task, List<RgbImage> images) {
    return model(task).classify(images);
  }

  /**
   * {@return the embedding of an image: the pooled features that the task's head reads}
   *
   * @param task its name here
   * @param image a JPEG, PNG, WebP, GIF or BMP file
   * @throws BadInputException if there is no such task, or the file is no image
   */
  public float[] embed(String task, Path image) {
    return model(task).embed(image);
  }

  /**
   * {@return the embedding of an image: the pooled features that the task's head reads}
   *
   * @param task its name here
   * @param image of any size
   * @throws BadInputException if there is no such task
   */
  public float[] embed(String task, RgbImage image) {
    return model(task).embed(image);
  }

  /**
   * {@return the embedding of each image: the pooled features that the task's head reads}
   *
   * @param task its name here
   * @param images of any size
   * @throws BadInputException if there is no such task, or there is no image
   */
  public float[][] embed(String task, List<RgbImage> images) {
    return model(task).embed(images);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("this shared backbone has been closed");
    }
  }

  /** Frees the tasks, and the base if it was handed over. */
  @Override
  public synchronized void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    tasks.values().forEach(ViTModel::close);
    tasks.clear();
    base.djlModel().getNDManager().detachInternal(id);
    if (ownsBase) {
      base.close();
    }
  }
}
