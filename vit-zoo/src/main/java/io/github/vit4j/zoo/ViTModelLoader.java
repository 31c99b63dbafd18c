package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import com.google.gson.Gson;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.names.SavedModel;
import io.github.vit4j.zoo.names.WeightLoader;
import io.github.vit4j.zoo.reference.ReferenceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens a model from files. What is not given is taken from the checkpoint's own metadata, then
 * from {@code config.json} and {@code labels.txt} beside it.
 */
public final class ViTModelLoader {

  static final String PREPROCESSING = "vit4j.preprocessing";
  static final String LABELS = "vit4j.labels";

  private final Path path;
  private @Nullable Path config;
  private @Nullable Path labels;
  private @Nullable String select;
  private Device device = Device.cpu();

  ViTModelLoader(Path path) {
    this.path = path;
  }

  /**
   * Names the file that describes architecture and preprocessing, where the checkpoint does not.
   *
   * @param file JSON with timm's words ({@code img_size}, {@code patch_size}, {@code embed_dim},
   *     {@code depth}, {@code num_heads}, {@code num_classes}, ..., {@code mean}, {@code std},
   *     {@code interpolation}, {@code crop_pct})
   * @return this
   */
  public ViTModelLoader config(Path file) {
    config = file;
    return this;
  }

  /**
   * Names the file that lists the classes, where the checkpoint does not.
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
   * Opens the model.
   *
   * @return a model that the caller closes
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   */
  public ViTModel load() {
    ModelFiles files = ModelFiles.at(path);
    try (Checkpoint checkpoint = checkpoint(files)) {
      Optional<ViTConfig> carried = carried(checkpoint);
      Optional<ReferenceConfig> reference =
          carried.isPresent() ? Optional.empty() : reference(files);
      ViTConfig architecture = architecture(files, carried, reference);
      EvalTransform preprocessing =
          reference
              .map(ReferenceConfig::preprocessing)
              .orElseGet(() -> preprocessing(checkpoint, architecture));
      List<Label> classes = labels(files, checkpoint, architecture);
      return open(checkpoint, architecture, preprocessing, classes);
    }
  }

  /**
   * Opens the checkpoint alone, without asking what it is for.
   *
   * @return the file, or the one in the folder, which the caller closes
   * @throws BadInputException if there is none, or it is broken
   */
  public Checkpoint checkpoint() {
    return checkpoint(ModelFiles.at(path));
  }

  /**
   * Finds out which architecture the files are for, without reading any weights.
   *
   * @return the architecture
   * @throws BadInputException if a file is missing or broken, or none says the architecture
   */
  public ViTConfig architecture() {
    ModelFiles files = ModelFiles.at(path);
    try (Checkpoint checkpoint = checkpoint(files)) {
      Optional<ViTConfig> carried = carried(checkpoint);
      return architecture(
          files, carried, carried.isPresent() ? Optional.empty() : reference(files));
    }
  }

  private Checkpoint checkpoint(ModelFiles files) {
    return select == null
        ? Checkpoints.open(files.weights())
        : Checkpoints.open(files.weights(), select);
  }

  private Optional<ViTConfig> carried(Checkpoint checkpoint) {
    return config == null ? SavedModel.config(checkpoint) : Optional.empty();
  }

  private static ViTConfig architecture(
      ModelFiles files, Optional<ViTConfig> carried, Optional<ReferenceConfig> reference) {
    return reference
        .map(ReferenceConfig::config)
        .or(() -> carried)
        .orElseThrow(() -> unknownArchitecture(files));
  }

  private ViTModel open(
      Checkpoint checkpoint,
      ViTConfig architecture,
      EvalTransform preprocessing,
      List<Label> classes) {
    Model model = Model.newInstance("vit4j", device, "PyTorch");
    try {
      VisionTransformer network = ViT.of(architecture);
      WeightLoader.load(network, checkpoint, model.getNDManager());
      // without gradients no thread records a graph, whatever its gradient mode
      network.freezeParameters(true);
      model.setBlock(network);
      return new ViTModel(model, network, preprocessing, classes);
    } catch (RuntimeException e) {
      model.close();
      throw e;
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
    return preprocessing(json, checkpoint.source());
  }

  static EvalTransform preprocessing(String json, Path where) {
    EvalTransform transform;
    try {
      transform = new Gson().fromJson(json, EvalTransform.class);
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor throws in a bare RuntimeException
      throw new BadInputException(where + " has unusable metadata '" + PREPROCESSING + "'", e);
    }
    if (transform == null) {
      throw new BadInputException(where + " has empty metadata '" + PREPROCESSING + "'");
    }
    return transform;
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
