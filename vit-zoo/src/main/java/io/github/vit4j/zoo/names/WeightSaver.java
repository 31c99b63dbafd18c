package io.github.vit4j.zoo.names;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.TensorMap.Stored;
import io.github.vit4j.zoo.names.TensorMap.Use;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model as safetensors, under the names of the family of choice.
 *
 * <p>Beside the values a file carries {@code format: pt}, which other libraries ask for, the
 * architecture under {@code vit4j.config}, and the family under {@code vit4j.names}; so {@link
 * SavedModel} needs nothing else to bring the model back. A file is complete or not there at all,
 * and one that was there stays until the new one is complete.
 */
public final class WeightSaver {

  private WeightSaver() {}

  /**
   * Saves a model in float32 under the names that timm loads.
   *
   * @param model has values
   * @param file replaced if it exists
   * @throws BadInputException if the model has no values yet; or if the file cannot be written
   */
  public static void save(VisionTransformer model, Path file) {
    save(model, file, Map.of(), NameConverters.forSaving(model), TensorType.F32);
  }

  /**
   * Saves a model.
   *
   * @param model has values
   * @param file replaced if it exists
   * @param metadata free text that the file shall carry, too; the keys named above are set anyway
   * @param converter says how the tensors are named and laid out
   * @param floatsAs F32, F16 or BF16; values are rounded to the nearest
   * @throws BadInputException if the model has no values yet, the family has no names for it, or a
   *     finite value is too large for {@code floatsAs}; or if the file cannot be written
   */
  public static void save(
      VisionTransformer model,
      Path file,
      Map<String, String> metadata,
      NameConverter converter,
      TensorType floatsAs) {
    TensorMap map = converter.map(model);
    if (!model.isInitialized()) {
      throw new BadInputException(
          "the model has no values to save to %s yet; initialize or load it first".formatted(file));
    }
    Map<String, String> described = new HashMap<>(metadata);
    described.put("format", "pt");
    described.put(SavedModel.CONFIG, model.config().toJson());
    described.put(SavedModel.NAMES, converter.family());
    SafeTensors.write(file, described, sources(map), floatsAs);
  }

  static List<TensorSource> sources(TensorMap map) {
    return map.tensors().stream().map(WeightSaver::source).toList();
  }

  private static TensorSource source(Stored tensor) {
    if (tensor.isCounter()) {
      TensorInfo info = new TensorInfo(tensor.name(), TensorType.I64, tensor.shape());
      return new TensorSource(info, () -> ByteBuffer.allocate(Long.BYTES));
    }
    TensorInfo info = new TensorInfo(tensor.name(), TensorType.F32, tensor.shape());
    if (info.bytes() > Integer.MAX_VALUE) {
      throw new BadInputException(
          "tensor %s would take %d bytes, but 2 GiB is the most; choose names that keep layers apart"
              .formatted(info.name(), info.bytes()));
    }
    return new TensorSource(info, () -> bytes(tensor, info));
  }

  private static ByteBuffer bytes(Stored tensor, TensorInfo info) {
    float[] values = new float[Math.toIntExact(info.elements())];
    for (Use use : tensor.uses()) {
      Piece piece = use.piece();
      piece.layout().toFile(floats(use.parameter().array()), use.begin(), values, piece.begin());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) info.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static float[] floats(NDArray array) {
    if (array.getDataType() == DataType.FLOAT32) {
      return array.toFloatArray();
    }
    try (NDArray widened = array.toType(DataType.FLOAT32, true)) {
      return widened.toFloatArray();
    }
  }
}
