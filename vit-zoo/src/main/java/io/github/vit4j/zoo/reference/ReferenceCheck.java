package io.github.vit4j.zoo.reference;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Observe;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.description.ModelDescription;
import io.github.vit4j.zoo.names.NameConverter;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.WeightLoader;
import io.github.vit4j.zoo.reference.ReferenceReport.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds a checkpoint against numbers that another implementation computed with it.
 *
 * <p>A reference is a folder with {@code config.json} (see {@link ModelDescription}), the weights
 * ({@code weights.safetensors} or {@code weights.npz}), and {@code io.safetensors} with {@code
 * input} (B, C, H, W) and any of {@code embeddings}, {@code block.i}, {@code features} or {@code
 * last_hidden_state}, {@code pooler_output}, {@code logits}, {@code cls_logits}, {@code
 * distillation_logits}, and {@code labels} with {@code grad.NAME} for gradients of the mean
 * cross-entropy. An input of another size than the configuration's is run on the model {@link
 * VisionTransformer#resizedTo resized to it}. {@code io_resized.safetensors}, if it is there, holds
 * input, logits and {@code pos_embed} at another image size.
 *
 * <p>Outputs must agree to 1e-5 and gradients to 1e-4 of the largest reference magnitude.
 */
public final class ReferenceCheck {

  /** Of the largest magnitude, for everything that a forward pass computes. */
  public static final double OUTPUT_TOLERANCE = 1e-5;

  /** Of the largest magnitude, for gradients. */
  public static final double GRADIENT_TOLERANCE = 1e-4;

  private static final Set<Role> ATTENTION_ONLY = Set.of(Role.ATTENTION, Role.HEAD, Role.POS_EMBED);

  private final ModelDescription description;
  private final Path weights;
  private final NameConverter names;
  private final List<Row> rows = new ArrayList<>();

  private ReferenceCheck(Path folder) {
    description = ModelDescription.read(folder.resolve("config.json"));
    Path npz = folder.resolve("weights.npz");
    boolean flax = description.family().equals("flax") && Files.exists(npz);
    weights = flax ? npz : folder.resolve("weights.safetensors");
    try (Checkpoint checkpoint = Checkpoints.open(weights)) {
      names = NameConverters.detect(checkpoint);
    }
  }

  /**
   * Compares.
   *
   * @param folder the reference
   * @return how far our numbers are from it
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   */
  public static ReferenceReport of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          folder + " is not a folder; give one with config.json, weights and io.safetensors");
    }
    ReferenceCheck check = new ReferenceCheck(folder);
    try (Checkpoint io = Checkpoints.open(folder.resolve("io.safetensors"))) {
      check.outputs(io);
      if (io.find("labels").isPresent()) {
        check.gradients(io, "grad.", false);
        check.gradients(io, "attention-only grad.", true);
      }
    }
    Path resized = folder.resolve("io_resized.safetensors");
    if (Files.exists(resized)) {
      try (Checkpoint io = Checkpoints.open(resized)) {
        check.resized(io);
      }
    }
    if (check.rows.isEmpty()) {
      throw new BadInputException(folder + " has nothing to compare: io.safetensors lacks logits");
    }
    return new ReferenceReport(folder, check.rows);
  }

  private void outputs(Checkpoint io) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = io.array("input", manager);
      VisionTransformer model = fitting(load(manager), input.getShape(), manager);
      try (ViTOutput out =
          model.observe(input, Observe.embeddings(), Observe.tokensAfterEveryBlock())) {
        compareIfThere("logits", out::logits, io);
        if (io.find("features").isPresent()) {
          boolean tokens = io.info("features").shape().size() == 3;
          NDArray ours = tokens ? out.features() : out.features().get(":, 0");
          compare("features", ours, io, "features", OUTPUT_TOLERANCE);
        }
        compareIfThere("embeddings", out::embeddings, io);
        compareIfThere("last_hidden_state", out::features, io);
        compareIfThere("pooler_output", () -> pooled(model, out), io);
        for (int block = 0; io.find("block." + block).isPresent(); block++) {
          compare("block." + block, out.tokens(block), io, "block." + block, OUTPUT_TOLERANCE);
        }
      }
      if (io.find("cls_logits").isPresent()) {
        NDList heads = model.forward(new ParameterStore(manager, false), new NDList(input), true);
        compare("cls_logits", heads.get(0), io, "cls_logits", OUTPUT_TOLERANCE);
        compare("distillation_logits", heads.get(1), io, "distillation_logits", OUTPUT_TOLERANCE);
      }
    }
  }

  private static VisionTransformer fitting(
      VisionTransformer model, Shape input, NDManager manager) {
    int height = (int) input.get(2);
    int width = (int) input.get(3);
    boolean fits = model.config().imageHeight() == height && model.config().imageWidth() == width;
    return fits ? model : model.resizedTo(manager, height, width);
  }

  /** transformers calls the class token alone pooled, also where the classifier reads the mean. */
  private static NDArray pooled(VisionTransformer model, ViTOutput out) {
    boolean both = model.config().pooling() == Pooling.TOKEN_AND_MEAN;
    return both ? out.features().get(":, 0") : out.pooled();
  }

  private void compareIfThere(String name, Supplier<NDArray> ours, Checkpoint io) {
    if (io.find(name).isPresent()) {
      compare(name, ours.get(), io, name, OUTPUT_TOLERANCE);
    }
  }

  private void gradients(Checkpoint io, String prefix, boolean attentionOnly) {
    try (NDManager manager = NDManager.newBaseManager()) {
      VisionTransformer model = load(manager);
      for (ViTParameter p : model.namedParameters()) {
        p.parameter().freeze(p.isBuffer() || attentionOnly && !ATTENTION_ONLY.contains(p.role()));
      }
      NDArray labels = io.array("labels", manager);
      NDArray loss;
      try (GradientCollector collector =
          Engine.getEngine(Engine.getDefaultEngineName()).newGradientCollector()) {
        NDArray logits =
            model
                .forward(
                    new ParameterStore(manager, false),
                    new NDList(io.array("input", manager)),
                    false)
                .singletonOrThrow();
        NDArray picked = logits.logSoftmax(-1).gather(labels.expandDims(1), 1);
        loss = picked.mean().neg();
        collector.backward(loss);
      }
      String name = attentionOnly ? "loss.attn" : "loss.all";
      compare(name, loss.reshape(1), io, name, OUTPUT_TOLERANCE);
      names
          .map(model)
          .laidOut(ReferenceCheck::gradient)
          .forEach(
              (tensor, ours) ->
                  rows.add(
                      new Row(
                          prefix + tensor,
                          error(ours, io.floats("grad." + tensor)),
                          GRADIENT_TOLERANCE)));
      if (attentionOnly) {
        frozenHaveNone(model);
      }
    }
  }

  private static float @Nullable [] gradient(ViTParameter p) {
    if (!p.parameter().requiresGradient()) {
      return null;
    }
    try (NDArray gradient = p.array().getGradient()) {
      return gradient.toFloatArray();
    }
  }

  /** A frozen parameter that has a gradient would have cost one. */
  private void frozenHaveNone(VisionTransformer model) {
    long surplus =
        model.namedParameters().stream()
            .filter(p -> !p.parameter().requiresGradient() && p.array().hasGradient())
            .count();
    rows.add(new Row("frozen parameters with a gradient", surplus, 0));
  }

  private void resized(Checkpoint io) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = io.array("input", manager);
      Shape shape = input.getShape();
      VisionTransformer model =
          load(manager).resizedTo(manager, (int) shape.get(2), (int) shape.get(3));
      if (io.find("pos_embed").isPresent()) {
        NDArray ours =
            model.namedParameters().stream()
                .filter(p -> p.path().equals("pos_embed"))
                .findFirst()
                .orElseThrow()
                .array();
        compare("resized pos_embed", ours, io, "pos_embed", OUTPUT_TOLERANCE);
      }
      try (ViTOutput out = model.observe(input)) {
        compare("resized logits", out.logits(), io, "logits", OUTPUT_TOLERANCE);
      }
    }
  }

  private VisionTransformer load(NDManager manager) {
    VisionTransformer model = ViT.of(description.config());
    try (Checkpoint checkpoint = Checkpoints.open(weights)) {
      WeightLoader.load(model, checkpoint, names, manager);
    }
    return model;
  }

  private void compare(String name, NDArray ours, Checkpoint io, String tensor, double tolerance) {
    List<Long> shape = io.info(tensor).shape();
    if (!new Shape(shape).equals(ours.getShape())) {
      throw new BadInputException(
          "%s in %s has shape %s, but the model gives %s"
              .formatted(tensor, io.source(), shape, ours.getShape()));
    }
    rows.add(new Row(name, error(ours.toFloatArray(), io.floats(tensor)), tolerance));
  }

  static double error(float[] ours, float[] theirs) {
    if (ours.length != theirs.length) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      double difference = Math.abs((double) ours[i] - theirs[i]);
      worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
      largest = Math.max(largest, Math.abs((double) theirs[i]));
    }
    return worst == 0 ? 0 : worst / largest;
  }
}
