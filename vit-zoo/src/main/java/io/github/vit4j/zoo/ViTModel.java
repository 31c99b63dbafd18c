package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compiled.CompileOptions;
import io.github.vit4j.compiled.CompiledViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.inference.Batching;
import io.github.vit4j.inference.ClassificationTranslator;
import io.github.vit4j.inference.ImageInput;
import io.github.vit4j.inference.Softmax;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.export.OnnxExport;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.WeightSaver;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A trained model with all that it takes to use it: network, weights, preprocessing and classes.
 *
 * <pre>{@code
 * try (ViTModel vit = ViTModel.open(Path.of("my-model"))) {
 *   System.out.println(vit.classify(Path.of("cat.jpg")).best());
 *   float[] embedding = vit.embed(Path.of("cat.jpg"));
 * }
 * }</pre>
 *
 * <p>It owns its weights and frees them on {@link #close()}. Any number of threads may use it at
 * once; {@code close} waits for those that classify or embed, and whoever comes later is refused.
 * The parameters of a model that was opened are frozen, and a fine-tuning strategy thaws what it
 * trains; one that {@link #of(VisionTransformer, EvalTransform, List)} made keeps its parameters as
 * they are, ready for a training loop of one's own. To use such a model for inference alone, freeze
 * its {@link #network()}.
 */
public final class ViTModel implements AutoCloseable {

  /** How many images run at once where the loader was not told otherwise. */
  public static final int DEFAULT_BATCH = 32;

  private static final String PYTORCH = "PyTorch";
  private static final int LARGEST_BATCH = 65_536;

  private final Model model;
  private final VisionTransformer network;
  private final EvalTransform preprocessing;
  private final List<Label> labels;
  private final List<String> names;
  private final int batch;
  private final @Nullable CompiledViT program;

  /**
   * Runs share it; closing takes it alone: the engine ends the process over memory that is gone.
   */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  ViTModel(
      Model model,
      VisionTransformer network,
      EvalTransform preprocessing,
      List<Label> labels,
      int batch) {
    this(model, network, preprocessing, labels, batch, null);
  }

  private ViTModel(
      Model model,
      VisionTransformer network,
      EvalTransform preprocessing,
      List<Label> labels,
      int batch,
      @Nullable CompiledViT program) {
    this.program = program;
    this.model = model;
    this.network = network;
    this.preprocessing = preprocessing;
    this.labels = labels;
    this.batch = batch;
    names = labels.stream().map(Label::name).toList();
  }

  static int requireBatch(int images) {
    if (images < 1 || images > LARGEST_BATCH) {
      throw new BadInputException(
          "a batch cannot have %d images; use 1 to %d".formatted(images, LARGEST_BATCH));
    }
    return images;
  }

  /**
   * Opens a model on the CPU.
   *
   * @param path a checkpoint, or a folder that holds one, with {@code config.json} and {@code
   *     labels.txt} beside it unless the checkpoint carries them
   * @return the model, which the caller closes
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   */
  public static ViTModel open(Path path) {
    return at(path).load();
  }

  /**
   * {@return a model made of parts that were built or trained in code}
   *
   * @param model a DJL model whose block is an initialised {@link VisionTransformer}; closing the
   *     result closes it
   * @param preprocessing how images are prepared for it
   * @param labels its classes, in the order of the logits
   * @throws BadInputException if the block is something else, or the number of labels is not that
   *     of the classes
   */
  public static ViTModel of(Model model, EvalTransform preprocessing, List<Label> labels) {
    if (!(model.getBlock() instanceof VisionTransformer network)) {
      throw new BadInputException(
          "the model's block is no VisionTransformer; set one built by ViT.builder()");
    }
    if (network.config().classes() > 0 && network.config().classes() != labels.size()) {
      throw new BadInputException(
          "%d labels do not fit a model of %d classes"
              .formatted(labels.size(), network.config().classes()));
    }
    return new ViTModel(model, network, preprocessing, List.copyOf(labels), DEFAULT_BATCH);
  }

  /**
   * Makes a model of a network that was built in code, to be trained from nothing, on the device
   * that the engine takes by default.
   *
   * <pre>{@code
   * ViTModel fresh = ViTModel.of(ViT.builder().tiny().classes(2).build(), EvalTransform.ofSize(224), labels);
   * }</pre>
   *
   * @param network as {@code build()} returns it; it is initialised by its own seed
   * @param preprocessing how images are prepared for it
   * @param labels its classes, in the order of the logits
   * @return the model, which the caller closes
   * @throws BadInputException if the number of labels is not that of the classes, or the network
   *     has weights already
   */
  public static ViTModel of(
      VisionTransformer network, EvalTransform preprocessing, List<Label> labels) {
    Device device = Engine.getEngine(PYTORCH).defaultDevice();
    return of(network, preprocessing, labels, device);
  }

  /**
   * Makes a model of a network that was built in code, as {@link #of(VisionTransformer,
   * EvalTransform, List)} does.
   *
   * @param network as {@code build()} returns it; it is initialised by its own seed
   * @param preprocessing how images are prepared for it
   * @param labels its classes, in the order of the logits
   * @param device where its weights go
   * @return the model, which the caller closes
   * @throws BadInputException if the number of labels is not that of the classes, or the network
   *     has weights already
   */
  public static ViTModel of(
      VisionTransformer network, EvalTransform preprocessing, List<Label> labels, Device device) {
    if (network.isInitialized()) {
      throw new BadInputException(
          "the network has weights already, which belong to another manager; build a new one, or set it as the block of a DJL model");
    }
    Model model = Model.newInstance("vit", device, PYTORCH);
    try {
      network.initialize(model.getNDManager());
      model.setBlock(network);
      return of(model, preprocessing, labels);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * {@return a loader with options: another configuration or label file, another device}
   *
   * @param path as for {@link #open}
   */
  public static ViTModelLoader at(Path path) {
    return new ViTModelLoader(new PathOrigin(path));
  }

  /**
   * {@return a loader with options for a model of the registry}
   *
   * @param name as {@link Registry#find} understands it
   * @throws BadInputException if there is no such model
   */
  public static ViTModelLoader named(String name) {
    return named(Registry.standard().require(name));
  }

  /**
   * {@return a loader with options for a model of a registry, such as the caller's own}
   *
   * @param entry what {@link Registry#read} or {@link Registry#standard} found
   */
  public static ViTModelLoader named(ZooEntry entry) {
    return new ViTModelLoader(new EntryOrigin(entry));
  }

  /**
   * {@return a loader with options for a repository of the Hugging Face hub}
   *
   * @param repository owner/name; a branch, tag or commit may follow after {@code @}
   * @throws BadInputException if it cannot be the name of a repository
   */
  public static ViTModelLoader onHub(String repository) {
    return new ViTModelLoader(HubOrigin.parse(repository));
  }

  /** {@return the network} */
  public VisionTransformer network() {
    return network;
  }

  /** {@return how images are prepared for it} */
  public EvalTransform preprocessing() {
    return preprocessing;
  }

  /** {@return its classes, in the order of the logits} */
  public List<Label> labels() {
    return labels;
  }

  /** {@return DJL's view of this model; closing it closes this} */
  public Model djlModel() {
    return model;
  }

  /** {@return a DJL predictor that classifies; the caller closes it, before this model} */
  public Predictor<Image, Classifications> newPredictor() {
    requireHead();
    return model.newPredictor(new ClassificationTranslator(preprocessing, names));
  }

  /**
   * {@return settings of a predictor that classifies single images from many threads in batches}
   *
   * <pre>{@code
   * try (BatchingPredictor<Classifications> server =
   *     model.batching().maxBatch(16).maxWait(Duration.ofMillis(5)).queue(256).start()) {
   *   System.out.println(server.predict(image).best());
   * }
   * }</pre>
   *
   * @throws BadInputException if the model has no head
   */
  public Batching<Classifications> batching() {
    requireHead();
    return Batching.of(preprocessing, this::logits, row -> Softmax.classifications(row, names));
  }

  /** {@return settings of a predictor that embeds single images from many threads in batches} */
  public Batching<float[]> batchingEmbeddings() {
    return Batching.of(preprocessing, this::embed, row -> row);
  }

  /**
   * {@return the classes of an image with their probabilities}
   *
   * @param image a JPEG, PNG, WebP, GIF or BMP file
   * @throws BadInputException if the file is no such image, or the model has no head
   */
  public Classifications classify(Path image) {
    return classify(new ImageDecoder().decode(image));
  }

  /**
   * {@return the classes of an image with their probabilities}
   *
   * @param image of any size
   * @throws BadInputException if the model has no head
   */
  public Classifications classify(RgbImage image) {
    return classify(List.of(image)).get(0);
  }

  /**
   * {@return the classes of each image with their probabilities}
   *
   * @param images of any size
   * @throws BadInputException if there is no image, or the model has no head
   */
  public List<Classifications> classify(List<RgbImage> images) {
    List<Classifications> results = new ArrayList<>();
    for (float[] row : logits(images)) {
      results.add(Softmax.classifications(row, names));
    }
    return results;
  }

  /**
   * {@return the logits of each image}
   *
   * @param images of any size
   * @throws BadInputException if there is no image, or the model has no head
   */
  public float[][] logits(List<RgbImage> images) {
    requireHead();
    return inBatches(images, false);
  }

  /**
   * {@return the logits of each image}
   *
   * @param pixels what {@link #preprocessing()} made of the images, (B, 3, H, W)
   * @param images how many of them to run, from the first
   * @throws BadInputException if there is no image, there are fewer pixels than that, or the model
   *     has no head
   */
  public float[][] logits(FloatBuffer pixels, int images) {
    requireHead();
    return run(pixels, images, false);
  }

  /**
   * {@return the embedding of an image: the pooled features that the head reads}
   *
   * @param image a JPEG, PNG, WebP, GIF or BMP file
   * @throws BadInputException if the file is no such image
   */
  public float[] embed(Path image) {
    return embed(new ImageDecoder().decode(image));
  }

  /**
   * {@return the embedding of an image: the pooled features that the head reads}
   *
   * @param image of any size
   */
  public float[] embed(RgbImage image) {
    return embed(List.of(image))[0];
  }

  /**
   * {@return the embedding of each image}
   *
   * @param images of any size
   * @throws BadInputException if there is no image
   */
  public float[][] embed(List<RgbImage> images) {
    return inBatches(images, true);
  }

  /**
   * {@return the embedding of each image}
   *
   * @param pixels what {@link #preprocessing()} made of the images, (B, 3, H, W)
   * @param images how many of them to run, from the first
   * @throws BadInputException if there is no image, or there are fewer pixels than that
   */
  public float[][] embed(FloatBuffer pixels, int images) {
    return run(pixels, images, true);
  }

  private float[][] inBatches(List<RgbImage> images, boolean pooled) {
    requireSome(images.size());
    float[][] rows = new float[images.size()][];
    for (int from = 0; from < rows.length; from += batch) {
      List<RgbImage> part = images.subList(from, Math.min(from + batch, rows.length));
      float[][] results = run(ImageInput.prepare(part, preprocessing), part.size(), pooled);
      System.arraycopy(results, 0, rows, from, results.length);
    }
    return rows;
  }

  private float[][] run(FloatBuffer pixels, int images, boolean pooled) {
    requireSome(images);
    Shape shape = new Shape(images, 3, preprocessing.height(), preprocessing.width());
    if (pixels.remaining() < shape.size()) {
      throw new BadInputException(
          "%d images of 3 x %d x %d take %d floats, but the buffer has %d left between position and limit"
              .formatted(
                  images,
                  preprocessing.height(),
                  preprocessing.width(),
                  shape.size(),
                  pixels.remaining()));
    }
    use.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this model has been closed");
      }
      return run(pixels, shape, images, pooled);
    } finally {
      use.readLock().unlock();
    }
  }

  private float[][] run(FloatBuffer pixels, Shape shape, int images, boolean pooled) {
    try (NDManager scope = model.getNDManager().newSubManager()) {
      // of a buffer that begins or ends elsewhere DJL takes other floats than these
      FloatBuffer exactly = pixels.slice(pixels.position(), Math.toIntExact(shape.size()));
      NDArray input = scope.create(exactly, shape);
      if (program != null) {
        return rows(pooled ? program.pooled(input) : program.logits(input), images);
      }
      try (ViTOutput out = network.observe(input)) {
        return rows(pooled ? out.pooled() : out.logits(), images);
      }
    }
  }

  private static void requireSome(int images) {
    if (images < 1) {
      throw new BadInputException("there is no image to run; give at least one");
    }
  }

  private static float[][] rows(NDArray matrix, int count) {
    float[] all = matrix.toFloatArray(); // (B, n)
    int n = all.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(all, i * n, (i + 1) * n);
    }
    return rows;
  }

  private void requireHead() {
    if (network.config().classes() == 0) {
      throw new BadInputException(
          "this model has no head and cannot classify; use embed, or build it with classes(n)");
    }
  }

  /**
   * Saves the model as one safetensors file that carries configuration, preprocessing and classes,
   * under names that timm loads.
   *
   * @param file where to; an existing file is replaced once the new one is complete
   * @param floatsAs F32, F16 or BF16
   * @throws BadInputException if the model has low-rank branches that are not merged, or the file
   *     cannot be written
   */
  public void save(Path file, TensorType floatsAs) {
    if (network.lowRank().unmerged().isPresent()) {
      throw new BadInputException(
          "the model has low-rank branches beside its weights, which no other library would read; call network().lowRank().merge() first");
    }
    Map<String, String> metadata = ModelMetadata.of(preprocessing, labels);
    WeightSaver.save(network, file, metadata, NameConverters.forSaving(network), floatsAs);
  }

  /** {@return this model compiled for float32, as {@link #compile(CompileOptions)} does} */
  public ViTModel compile() {
    return compile(CompileOptions.float32());
  }

  /**
   * Compiles the network with its weights as they are now: the same model, which classifies and
   * embeds with the same results but for rounding, faster. It has weights of its own and may
   * outlive this model; only its {@link #network()}, and saving or exporting it, stay those of this
   * one.
   *
   * <pre>{@code
   * try (ViTModel vit = ViTZoo.load("deit3_small_patch16_224.fb_in1k");
   *     ViTModel fast = vit.compile()) {
   *   System.out.println(fast.classify(Path.of("cat.jpg")).best());
   * }
   * }</pre>
   *
   * @param options the precision
   * @return the compiled model; the caller closes it
   * @throws BadInputException if the network has low-rank branches that are not merged, or the
   *     processor lacks what the options ask for
   */
  public ViTModel compile(CompileOptions options) {
    CompiledViT compiled = network.compile(options);
    Model fast = Model.newInstance(model.getName(), model.getNDManager().getDevice(), PYTORCH);
    fast.setBlock(compiled.block());
    return new ViTModel(fast, network, preprocessing, labels, batch, compiled);
  }

  /** {@return whether {@link #compile} made this} */
  public boolean isCompiled() {
    return program != null;
  }

  /**
   * Saves the network as a TorchScript file that DJL, libtorch and Python load without this
   * library: {@code forward(images)} gives logits, {@code pooled(images)} the features; images are
   * what {@link #preprocessing()} makes of them.
   *
   * @param file where to; an existing file is replaced once the new one is complete
   * @throws BadInputException if the network has low-rank branches that are not merged, or the file
   *     cannot be written
   */
  public void exportTorchScript(Path file) {
    network.exportTorchScript(file);
  }

  /**
   * Writes the model as an ONNX file, which other runtimes read; see {@link OnnxExport} for its
   * form. Preprocessing is not in the graph: the file carries it and the classes as JSON, under
   * {@code vit4j.preprocessing} and {@code vit4j.labels}.
   *
   * @param file where to; an existing file is replaced once the new one is complete
   * @throws BadInputException if the model would take over 2 GiB, has low-rank branches that are
   *     not merged, or the file cannot be written
   */
  public void exportOnnx(Path file) {
    OnnxExport.write(network, file, ModelMetadata.of(preprocessing, labels));
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      closed = true;
      model.close();
      if (program != null) {
        program.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
