package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.hub.DirectLinks;
import io.github.vit4j.zoo.hub.HubCache;
import io.github.vit4j.zoo.names.SavedModel;
import io.github.vit4j.zoo.names.WeightLoader;
import io.github.vit4j.zoo.reference.ReferenceConfig;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  static final String PREPROCESSING = "vit4j.preprocessing";
  static final String LABELS = "vit4j.labels";

  private final Origin origin;
  private @Nullable Path config;
  private @Nullable Path labels;
  private @Nullable HubCache hub;
  private @Nullable DirectLinks links;
  private @Nullable String select;
  private Device device = Device.cpu();
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
   * @param file JSON with timm's words ({@code img_size}, {@code patch_size}, {@code embed_dim},
   *     {@code depth}, {@code num_heads}, {@code num_classes}, ..., {@code mean}, {@code std},
   *     {@code interpolation}, {@code crop_pct})
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
   * Brings the model's files to this machine without opening them.
   *
   * @return the checkpoint
   * @throws BadInputException if nobody published weights
   * @throws io.github.vit4j.zoo.hub.HubException if a file cannot be had
   */
  public Path download() {
    return files().weights();
  }

  /** {@return whether the model's files are on this machine, so that loading needs no network} */
  public boolean isDownloaded() {
    try (Downloads downloads = new Downloads(hub, links)) {
      return origin.isHere(downloads);
    }
  }

  /**
   * Opens the model, after downloading it if need be.
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
      return open(checkpoint, described(files, checkpoint));
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

  /** All that must be known to build the model and use it. */
  private record Described(ViTConfig config, EvalTransform preprocessing, List<Label> labels) {}

  private Described described(ModelFiles files, Checkpoint checkpoint) {
    Optional<ZooEntry> entry = origin.entry();
    if (entry.isPresent()) {
      ViTConfig known = entry.get().config();
      List<Label> classes = labels(files, checkpoint, known);
      return new Described(known, entry.get().preprocessing(), classes);
    }
    Optional<ViTConfig> carried = config == null ? SavedModel.config(checkpoint) : Optional.empty();
    Optional<ReferenceConfig> reference = carried.isPresent() ? Optional.empty() : reference(files);
    ViTConfig architecture =
        reference
            .map(ReferenceConfig::config)
            .or(() -> carried)
            .orElseThrow(() -> unknownArchitecture(files));
    EvalTransform preprocessing =
        reference
            .map(ReferenceConfig::preprocessing)
            .orElseGet(() -> preprocessing(checkpoint, architecture));
    return new Described(architecture, preprocessing, labels(files, checkpoint, architecture));
  }

  private ViTModel open(Checkpoint checkpoint, Described described) {
    Model model = Model.newInstance(origin.text(), device, "PyTorch");
    try {
      ViTConfig architecture = headless ? described.config.withClasses(0) : described.config;
      VisionTransformer network = loaded(architecture, checkpoint, model.getNDManager());
      EvalTransform preprocessing =
          height == 0 ? described.preprocessing : described.preprocessing.withSize(height, width);
      // without gradients no thread records a graph, whatever its gradient mode
      network.freezeParameters(true);
      model.setBlock(network);
      List<Label> labels = headless ? List.of() : described.labels;
      return new ViTModel(model, network, preprocessing, labels, batch);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private VisionTransformer loaded(
      ViTConfig architecture, Checkpoint checkpoint, NDManager manager) {
    VisionTransformer network = ViT.of(architecture);
    if (height == 0 || height == architecture.imageHeight() && width == architecture.imageWidth()) {
      WeightLoader.load(network, checkpoint, manager);
      return network;
    }
    try (NDManager scope = manager.newSubManager()) {
      WeightLoader.load(network, checkpoint, scope);
      return network.resizedTo(manager, height, width);
    }
  }

  private Optional<ReferenceConfig> reference(ModelFiles files) {
    return Optional.ofNullable(config)
        .or(() -> files.beside("config.json"))
        .map(ReferenceConfig::read);
  }

  private static BadInputException unknownArchitecture(ModelFiles files) {
    return new BadInputException(
        files.weights()
            + " does not say which architecture it is for, and there is no config.json beside it;"
            + " give one with config(file), on the command line --config FILE");
  }

  private static EvalTransform preprocessing(Checkpoint checkpoint, ViTConfig architecture) {
    String json = checkpoint.metadata().get(PREPROCESSING);
    if (json == null) {
      return EvalTransform.ofSize(architecture.imageHeight(), architecture.imageWidth());
    }
    try {
      EvalTransform transform = new Gson().fromJson(json, EvalTransform.class);
      if (transform != null) {
        return transform;
      }
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new BadInputException(
          checkpoint.source() + " has unusable metadata '" + PREPROCESSING + "'", e);
    }
    throw new BadInputException(
        checkpoint.source() + " has empty metadata '" + PREPROCESSING + "'");
  }

  private List<Label> labels(ModelFiles files, Checkpoint checkpoint, ViTConfig architecture) {
    int expected = architecture.classes();
    String json = checkpoint.metadata().get(LABELS);
    Path file = labels != null ? labels : files.beside("labels.txt").orElse(null);
    List<Label> found;
    if (labels == null && json != null) {
      found = Label.fromJson(json, checkpoint.source());
    } else if (file != null) {
      found = Label.read(file);
    } else {
      return Label.numbered(expected);
    }
    if (expected > 0 && found.size() != expected) {
      throw new BadInputException(
          "%s names %d classes, but the model has %d"
              .formatted(file == null ? checkpoint.source() : file, found.size(), expected));
    }
    return found;
  }
}
