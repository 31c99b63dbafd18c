package io.github.vit4j.zoo.names;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.TensorMap.Stored;
import io.github.vit4j.zoo.names.TensorMap.Use;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the weights of a checkpoint under the names and in the layouts of another family, tensor
 * after tensor, without an engine and without the whole of them in memory.
 */
public final class WeightRenamer {

  private static final Set<TensorType> EXACT =
      Set.of(TensorType.F32, TensorType.F16, TensorType.BF16);

  private final Checkpoint file;
  private final TensorMap from;
  private final boolean keepTypes;

  private WeightRenamer(Checkpoint file, TensorMap from, boolean keepTypes) {
    this.file = file;
    this.from = from;
    this.keepTypes = keepTypes;
  }

  /**
   * Converts a checkpoint. What no parameter needs, such as index tables that follow from the
   * architecture, is left out. The new file carries the architecture, as {@link WeightSaver}'s do.
   *
   * @param file open; its family is recognised by its names
   * @param model the architecture that it is for; it needs no values
   * @param to the family to write
   * @param out replaced if it exists
   * @param floatsAs F32, F16 or BF16, or null to keep each tensor's type, bit for bit
   * @throws BadInputException if the file does not fit the model, the family has no names for it,
   *     or types shall be kept that arithmetic in float32 does not keep; or if the file cannot be
   *     written
   */
  public static void convert(
      Checkpoint file,
      VisionTransformer model,
      NameConverter to,
      Path out,
      @Nullable TensorType floatsAs) {
    NameConverter converter = NameConverters.detect(file);
    TensorMap from = converter.mapForReading(model);
    Checkpoint fitting = WeightLoader.fitting(file, from);
    Mismatch.refuse(from, fitting, converter);
    WeightRenamer renamer = new WeightRenamer(fitting, from, floatsAs == null);
    List<TensorSource> tensors = to.map(model).tensors().stream().map(renamer::source).toList();
    Map<String, String> metadata = new HashMap<>(file.metadata());
    metadata.put("format", "pt");
    metadata.put(SavedModel.CONFIG, model.config().toJson());
    metadata.put(SavedModel.NAMES, to.family());
    if (floatsAs == null) {
      SafeTensors.write(out, metadata, tensors);
    } else {
      SafeTensors.write(out, metadata, tensors, floatsAs);
    }
  }

  private TensorSource source(Stored tensor) {
    if (tensor.isCounter()) {
      TensorInfo info = new TensorInfo(tensor.name(), TensorType.I64, tensor.shape());
      return file.find(tensor.name()).filter(info::equals).isPresent()
          ? TensorSource.of(file, tensor.name())
          : new TensorSource(info, () -> ByteBuffer.allocate(Long.BYTES));
    }
    return TensorSource.computed(
        new TensorInfo(tensor.name(), type(tensor), tensor.shape()), () -> values(tensor));
  }

  /** The type of all that it is made of, or float32, which holds every shorter one exactly. */
  private TensorType type(Stored tensor) {
    Set<TensorType> types =
        tensor.uses().stream()
            .flatMap(use -> from.pieces(use.parameter()).stream())
            .filter(piece -> !piece.isZeros())
            .map(piece -> file.info(piece.tensor()).type())
            .collect(Collectors.toSet());
    if (keepTypes && types.contains(TensorType.F64)) {
      throw new BadInputException(
          "%s: what becomes tensor %s is F64, which only a conversion without new names keeps;"
                  .formatted(file.source(), Shown.quoted(tensor.name()))
              + " choose a type, such as f32");
    }
    return types.size() == 1 && EXACT.containsAll(types) ? types.iterator().next() : TensorType.F32;
  }

  private float[] values(Stored tensor) {
    Map<String, float[]> read = new HashMap<>();
    float[] values = new float[tensor.elements()];
    for (Use use : tensor.uses()) {
      Piece piece = use.piece();
      float[] own = parameter(use.parameter(), name -> read.computeIfAbsent(name, file::floats));
      piece.layout().toFile(own, use.begin(), values, piece.begin());
    }
    return values;
  }

  private float[] parameter(ViTParameter parameter, Function<String, float[]> read) {
    float[] values = new float[Math.toIntExact(parameter.size())];
    int begin = 0;
    for (Piece piece : from.pieces(parameter)) {
      if (!piece.isZeros()) {
        piece.layout().toModel(read.apply(piece.tensor()), piece.begin(), values, begin);
      }
      begin += piece.layout().size();
    }
    return values;
  }
}
