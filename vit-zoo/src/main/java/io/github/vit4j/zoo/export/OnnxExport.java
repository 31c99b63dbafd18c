package io.github.vit4j.zoo.export;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.names.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a model as an ONNX file: input {@value #INPUT} (batch, C, H, W) of normalised pixels,
 * output {@value #LOGITS} (batch, classes), or {@value #FEATURES} (batch, D) of a model without a
 * head. The batch may have any size; the image size is the model's.
 *
 * <p>Only operators of the standard set of opset {@value #OPSET} (ONNX 1.15 and later, ONNX Runtime
 * 1.17 and later), float32. Weights have the names of timm's parameters. The file carries the
 * architecture under {@code vit4j.config}.
 */
public final class OnnxExport {

  /** Version of ONNX's operator set. */
  public static final int OPSET = 20;

  /** Name of the input. */
  public static final String INPUT = "images";

  /** Name of the output of a model with a head. */
  public static final String LOGITS = "logits";

  /** Name of the output of a model without a head. */
  public static final String FEATURES = "features";

  private static final long ANY = -1;

  private OnnxExport() {}

  /**
   * Writes a file, or replaces it once the new one is complete.
   *
   * @param model has values
   * @param file where to, in a folder that exists
   * @param metadata free text that the file shall carry, too
   * @throws BadInputException if the model has no values yet, has low-rank branches that are not
   *     merged, or would take over 2 GiB, or if the file cannot be written
   */
  public static void write(VisionTransformer model, Path file, Map<String, String> metadata) {
    if (!model.isInitialized()) {
      throw new BadInputException(
          "the model has no values to export to %s yet; initialize or load it first"
              .formatted(file));
    }
    if (model.lowRank().unmerged().isPresent()) {
      throw new BadInputException(
          "low-rank branches cannot be exported as they are; call lowRank().merge() first");
    }
    OnnxGraph graph = graph(model);
    Map<String, String> described = new HashMap<>(metadata);
    described.put(SavedModel.CONFIG, model.config().toJson());
    graph.requireFits("vit", described);
    try {
      WholeFile.write(file, out -> graph.writeTo(out, "vit", described));
    } catch (IOException e) {
      throw new BadInputException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static OnnxGraph graph(VisionTransformer model) {
    ViTConfig config = model.config();
    OnnxGraph graph = new OnnxGraph();
    OnnxLayers layers = new OnnxLayers(graph, new OnnxWeights(graph, model), config);
    String images =
        graph.input(INPUT, ANY, config.channels(), config.imageHeight(), config.imageWidth());
    OnnxStem stem = new OnnxStem(layers);
    String tokens = stem.tokens(stem.patches(images), images);
    String rows = graph.reshape(tokens, -1, config.width()); // (B, T, D) -> (B * T, D)
    if (config.preNorm()) {
      rows = layers.layerNorm(rows, "norm_pre");
    }
    String out = new OnnxHead(layers).apply(new OnnxEncoder(layers).blocks(rows));
    boolean head = config.classes() > 0;
    graph.output(
        head ? LOGITS : FEATURES, out, ANY, head ? config.classes() : config.pooledWidth());
    return graph;
  }
}
