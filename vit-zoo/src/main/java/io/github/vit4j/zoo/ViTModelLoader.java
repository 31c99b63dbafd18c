package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.description.ModelDescription;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.SavedModel;
import io.github.vit4j.zoo.names.WeightLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a model from files. What is not given is taken from the checkpoint's own metadata, then
 * from {@code config.json} (and {@code preprocessor_config.json}) and {@code labels.txt} beside it.
 */
public final class ViTModelLoader {

  static final String PREPROCESSING = "vit4j.preprocessing";
  static final String LABELS = "vit4j.labels";

  private final Path path;
  private @Nullable Path config;
  private @Nullable Path labels;
  private Device device = Device.cpu();
  private Function<String, Optional<ViTConfig>> architectures = name -> Optional.empty();

  ViTModelLoader(Path path) {
    this.path = path;
  }

  /**
   * Names the file that describes architecture and preprocessing, where the checkpoint does not.
   *
   * @param file as {@link ModelDescription#read(Path, Function)} takes it: transformers' {@code
   *     config.json}, with {@code preprocessor_config.json} beside it; timm's from the hub; or JSON
   *     with timm's words ({@code img_size}, {@code patch_size}, {@code embed_dim}, {@code depth},
   *     {@code num_heads}, {@code num_classes}, ..., {@code mean}, {@code std}, {@code
   *     interpolation}, {@code crop_pct})
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
   * Tells which architectures have a name, for configurations that say no more than that.
   *
   * @param finder finds a configuration by timm's name for it; default none
   * @return this
   */
  public ViTModelLoader architectures(Function<String, Optional<ViTConfig>> finder) {
    architectures = finder;
    return this;
  }

  /**
   * Opens the model. Where images are prepared for another size than the weights were saved for, as
   * with transformers' DINOv2, the model is resized to it.
   *
   * @return a model that the caller closes
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   */
  public ViTModel load() {
    ModelFiles files = ModelFiles.at(path);
    try (Checkpoint checkpoint = Checkpoints.open(files.weights())) {
      Optional<ViTConfig> carried =
          config == null ? SavedModel.config(checkpoint) : Optional.empty();
      ModelDescription description =
          carried
              .map(architecture -> carried(checkpoint, architecture))
              .or(() -> beside(files))
              .orElseThrow(() -> unknownArchitecture(files));
      List<Label> classes = labels(files, checkpoint, description);
      return open(checkpoint, description, classes);
    }
  }

  private ViTModel open(Checkpoint checkpoint, ModelDescription description, List<Label> classes) {
    Model model = Model.newInstance("vit4j", device, "PyTorch");
    try {
      VisionTransformer network = network(checkpoint, description, model.getNDManager());
      // without gradients no thread records a graph, whatever its gradient mode
      network.freezeParameters(true);
      model.setBlock(network);
      return new ViTModel(model, network, description.preprocessing(), classes);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static VisionTransformer network(
      Checkpoint checkpoint, ModelDescription description, NDManager manager) {
    VisionTransformer network = ViT.of(description.config());
    int height = description.preprocessing().height();
    int width = description.preprocessing().width();
    if (height == network.config().imageHeight() && width == network.config().imageWidth()) {
      WeightLoader.load(network, checkpoint, manager);
      return network;
    }
    try (NDManager before = manager.newSubManager()) {
      WeightLoader.load(network, checkpoint, before);
      return network.resizedTo(manager, height, width);
    }
  }

  private static ModelDescription carried(Checkpoint checkpoint, ViTConfig architecture) {
    return new ModelDescription(
        architecture,
        NameConverters.detect(checkpoint).family(),
        preprocessing(checkpoint, architecture),
        List.of());
  }

  private Optional<ModelDescription> beside(ModelFiles files) {
    return Optional.ofNullable(config)
        .or(() -> files.beside("config.json"))
        .map(file -> ModelDescription.read(file, architectures));
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

  private List<Label> labels(
      ModelFiles files, Checkpoint checkpoint, ModelDescription description) {
    int expected = description.config().classes();
    String json = checkpoint.metadata().get(LABELS);
    Path file = labels != null ? labels : files.beside("labels.txt").orElse(null);
    List<Label> found;
    if (labels == null && json != null) {
      found = Label.fromJson(json, checkpoint.source());
    } else if (file != null) {
      found = Label.read(file);
    } else if (!description.classes().isEmpty()) {
      found = description.classes().stream().map(name -> new Label(name, name)).toList();
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
