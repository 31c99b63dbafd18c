package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.description.ModelDescription;
import io.github.vit4j.zoo.hub.DirectLinks;
import io.github.vit4j.zoo.hub.HubCache;
import io.github.vit4j.zoo.names.SavedModel;
import io.github.vit4j.zoo.names.WeightLoader;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a model with options.
 *
 * <pre>{@code
 * try (ViTModel vit =
 *     ViTModel.named("deit3_small_patch16_224.fb_in1k").resolution(384).threads(4).load()) {
 *   System.out.println(vit.classify(Path.of("cat.jpg")).best());
 * }
 * }</pre>
 *
 * <p>What is not given is taken from the registry's entry where the model has one, else from the
 * checkpoint's own metadata, else from {@code config.json} and {@code labels.txt} beside it.
 */
public final class ViTModelLoader {

  private static final String CONFIG = "config.json";

  private final Origin origin;
  private @Nullable Path config;
  private @Nullable Path labels;
  private @Nullable HubCache hub;
  private @Nullable DirectLinks links;
  private @Nullable String select;
  private Device device = Device.cpu();
  // a lambda, because a method reference would read the registry for every model opened
  private Function<String, Optional<ViTConfig>> architectures =
      name -> Registry.standard().architecture(name);
  private int batch = ViTModel.DEFAULT_BATCH;
  private int threads;
  private int height;
  private int width;
  private boolean headless;

  ViTModelLoader(Origin origin) {
    this.origin = origin;
  }

  /**
   * Names the file that describes architecture and preprocessing, where the checkpoint does not.
   *
   * @param file as {@link ModelDescription#read(Path, java.util.function.Function)} takes it:
   *     transformers' {@code config.json}, with {@code preprocessor_config.json} beside it; timm's
   *     from the hub; or JSON with timm's words ({@code img_size}, {@code patch_size}, {@code
   *     embed_dim}, {@code depth}, {@code num_heads}, {@code num_classes}, ..., {@code mean},
   *     {@code std}, {@code interpolation}, {@code crop_pct})
   * @return this
   * @throws BadInputException if the model is one of the registry, which knows its configuration
   */
  public ViTModelLoader config(Path file) {
    if (origin.entry().isPresent()) {
      throw new BadInputException(
          "a configuration file means nothing for "
              + origin.text()
              + ", whose architecture is known; open its file with ViTModel.at(path) instead");
    }
    config = file;
    return this;
  }

  /**
   * Names the file that lists the classes, in place of those that the model comes with.
   *
   * @param file one class a line; see {@link Label#read}
   * @return this
   */
  public ViTModelLoader labels(Path file) {
    labels = file;
    return this;
  }

  /**
   * Chooses among the dictionaries of a PyTorch file; by default the usual one is found.
   *
   * @param key such as {@code model_ema}; see {@link
   *     io.github.vit4j.zoo.checkpoint.TorchFile#select}
   * @return this
   */
  public ViTModelLoader select(String key) {
    select = key;
    return this;
  }

  /**
   * Chooses the device that holds the weights.
   *
   * @param device default the CPU
   * @return this
   */
  public ViTModelLoader device(Device device) {
    this.device = device;
    return this;
  }

  /**
   * Tells which architectures have a name, for configurations that say no more than that, as timm's
   * on the hub.
   *
   * @param finder finds a configuration by timm's name for it; default {@link
   *     Registry#architecture} of the standard registry
   * @return this
   */
  public ViTModelLoader architectures(Function<String, Optional<ViTConfig>> finder) {
    architectures = finder;
    return this;
  }

  /**
   * Sets how many threads the engine computes with: one number for the whole process, see {@link
   * EngineThreads}.
   *
   * @param threads 1 to 1024; default one a core
   * @return this
   * @throws BadInputException if it is none of these
   */
  public ViTModelLoader threads(int threads) {
    this.threads = EngineThreads.require(threads);
    return this;
  }

  /**
   * Sets how many images the model runs at once where a call gives it more.
   *
   * @param images 1 to 65536; default {@value ViTModel#DEFAULT_BATCH}
   * @return this
   * @throws BadInputException if it is none of these
   */
  public ViTModelLoader batch(int images) {
    batch = ViTModel.requireBatch(images);
    return this;
  }

  /**
   * Runs the model at another image size: positions are resampled as the model's publishers do it.
   *
   * @param side of the square image in pixels, a multiple of the patch size
   * @return this
   * @throws BadInputException if it is not positive
   */
  public ViTModelLoader resolution(int side) {
    return resolution(side, side);
  }

  /**
   * Runs the model at another image size.
   *
   * @param height in pixels, a multiple of the patch size
   * @param width in pixels, a multiple of the patch size
   * @return this
   * @throws BadInputException if one is not positive
   */
  public ViTModelLoader resolution(int height, int width) {
    if (height < 1 || width < 1) {
      throw new BadInputException(
          "a resolution of %d x %d pixels is not possible; use multiples of the patch size"
              .formatted(height, width));
    }
    this.height = height;
    this.width = width;
    return this;
  }

  /**
   * Leaves the head away: the model then returns embeddings, also through DJL's {@code Predictor}.
   *
   * @return this
   */
  public ViTModelLoader withoutHead() {
    headless = true;
    return this;
  }

  /**
   * Fetches files of the Hugging Face hub through a cache of the caller's, with its own folder,
   * token, mirror or patience.
   *
   * @param cache stays the caller's; default {@link HubCache#fromEnvironment()}
   * @return this
   */
  public ViTModelLoader hub(HubCache cache) {
    hub = cache;
    return this;
  }

  /**
   * Fetches files that lie elsewhere on the web through the caller's folder and settings.
   *
   * @param folder stays the caller's; default {@link DirectLinks#fromEnvironment()}
   * @return this
   */
  public ViTModelLoader links(DirectLinks folder) {
    links = folder;
    return this;
  }

  /**
   * Brings the model's files to this machine without opening them. The model inside this library is
   * unpacked into the folder of {@link #links(DirectLinks)}.
   *
   * @return the checkpoint
   * @throws BadInputException if nobody published weights
   * @throws io.github.vit4j.zoo.hub.HubException if a file cannot be had
   */
  public Path download() {
    try (Downloads downloads = new Downloads(hub, links)) {
      ModelFiles files = origin.files(downloads);
      return files.temporary()
          ? EmbeddedFile.keep(
              files.weights(), downloads.links().folder(), origin.text() + ".safetensors")
          : files.weights();
    }
  }

  /** {@return whether the model's files are on this machine, so that loading needs no network} */
  public boolean isDownloaded() {
    try (Downloads downloads = new Downloads(hub, links)) {
      return origin.isHere(downloads);
    }
  }

  /**
   * Opens the model, after downloading it if need be. Where images are prepared for another size
   * than the weights were saved for, as with transformers' DINOv2, the model is resized to it.
   *
   * @return a model that the caller closes
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   * @throws io.github.vit4j.zoo.hub.HubException if a file cannot be had
   */
  public ViTModel load() {
    if (threads > 0) {
      EngineThreads.set(threads);
    }
    ModelFiles files = files();
    try (Checkpoint checkpoint = checkpoint(files)) {
      return open(files, checkpoint, described(files, checkpoint));
    } finally {
      files.deleteIfTemporary();
    }
  }

  /**
   * Opens the checkpoint alone, without asking what it is for.
   *
   * @return the file, or the one in the folder, which the caller closes
   * @throws BadInputException if there is none, or it is broken
   */
  public Checkpoint checkpoint() {
    ModelFiles files = files();
    try {
      return checkpoint(files);
    } finally {
      files.deleteIfTemporary();
    }
  }

  /**
   * Finds out which architecture the files are for, without reading any weights.
   *
   * @return the architecture
   * @throws BadInputException if a file is missing or broken, or none says the architecture
   */
  public ViTConfig architecture() {
    Optional<ZooEntry> entry = origin.entry();
    if (entry.isPresent()) {
      return entry.get().config();
    }
    ModelFiles files = files();
    try (Checkpoint checkpoint = checkpoint(files)) {
      return described(files, checkpoint).config();
    }
  }

  private ModelFiles files() {
    try (Downloads downloads = new Downloads(hub, links)) {
      return origin.files(downloads);
    }
  }

  private Checkpoint checkpoint(ModelFiles files) {
    return select == null
        ? Checkpoints.open(files.weights())
        : Checkpoints.open(files.weights(), select);
  }

  private ModelDescription described(ModelFiles files, Checkpoint checkpoint) {
    Optional<ZooEntry> entry = origin.entry();
    if (entry.isPresent()) {
      return new ModelDescription(entry.get().config(), "", entry.get().preprocessing(), List.of());
    }
    Optional<ViTConfig> carried = config == null ? SavedModel.config(checkpoint) : Optional.empty();
    return carried
        .map(architecture -> carried(checkpoint, architecture))
        .or(() -> beside(files))
        .orElseThrow(() -> unknownArchitecture(files));
  }

  private static ModelDescription carried(Checkpoint checkpoint, ViTConfig architecture) {
    return new ModelDescription(
        architecture, "", preprocessing(checkpoint, architecture), List.of());
  }

  private Optional<ModelDescription> beside(ModelFiles files) {
    return Optional.ofNullable(config)
        .or(() -> files.beside(CONFIG))
        .map(file -> ModelDescription.read(file, architectures));
  }

  private ViTModel open(ModelFiles files, Checkpoint checkpoint, ModelDescription description) {
    Model model = Model.newInstance(origin.text(), device, "PyTorch");
    try {
      EvalTransform preprocessing = description.preprocessing();
      if (height > 0) {
        preprocessing = preprocessing.withSize(height, width);
      }
      VisionTransformer network =
          network(checkpoint, description.config(), preprocessing, model.getNDManager());
      // without gradients no thread records a graph, whatever its gradient mode
      network.freezeParameters(true);
      model.setBlock(network);
      List<Label> classes = headless ? List.of() : labels(files, checkpoint, description);
      return new ViTModel(model, network, preprocessing, classes, batch);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * The network for images as they are prepared, which may be of another size than it was saved
   * for.
   */
  private VisionTransformer network(
      Checkpoint checkpoint, ViTConfig saved, EvalTransform preprocessing, NDManager manager) {
    VisionTransformer network = ViT.of(headless ? saved.withClasses(0) : saved);
    int height = preprocessing.height();
    int width = preprocessing.width();
    if (height == saved.imageHeight() && width == saved.imageWidth()) {
      WeightLoader.load(network, checkpoint, manager);
      return network;
    }
    try (NDManager before = manager.newSubManager()) {
      WeightLoader.load(network, checkpoint, before);
      return network.resizedTo(manager, height, width);
    }
  }

  private static BadInputException unknownArchitecture(ModelFiles files) {
    return new BadInputException(
        files.weights()
            + " does not say which architecture it is for, and there is no config.json beside it;"
            + " give one with config(file), on the command line --config FILE");
  }

  private static EvalTransform preprocessing(Checkpoint checkpoint, ViTConfig architecture) {
    return ModelMetadata.preprocessing(checkpoint)
        .orElseGet(
            () -> EvalTransform.ofSize(architecture.imageHeight(), architecture.imageWidth()));
  }

  private List<Label> labels(
      ModelFiles files, Checkpoint checkpoint, ModelDescription description) {
    int expected = description.config().classes();
    if (labels != null) {
      return Classes.in(labels).fitting(expected);
    }
    // a cache folder is shared by many models, so a list that lies there comes late
    return Classes.carriedBy(checkpoint)
        .or(() -> origin.entry().flatMap(Classes::of))
        .or(() -> files.beside("labels.txt").map(Classes::in))
        .or(() -> described(files, description.classes()))
        .map(classes -> classes.fitting(expected))
        .orElseGet(() -> Label.numbered(expected));
  }

  private Optional<Classes> described(ModelFiles files, List<String> names) {
    Path source =
        Optional.ofNullable(config).or(() -> files.beside(CONFIG)).orElse(files.weights());
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new Classes(Label.named(names), source.toString()));
  }
}
