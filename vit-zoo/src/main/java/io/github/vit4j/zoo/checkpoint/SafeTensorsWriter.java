package io.github.vit4j.zoo.checkpoint;

import com.google.gson.stream.JsonWriter;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.file.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one safetensors file: the header first, then tensor after tensor through one small buffer.
 */
final class SafeTensorsWriter {

  private static final int CHUNK_ELEMENTS = 1 << 18;

  private record Planned(TensorSource source, TensorInfo stored) {}

  private final List<Planned> plan = new ArrayList<>();
  private final byte[] header;

  /**
   * @param floatsAs what floating-point tensors become, or null to leave them as they are
   */
  SafeTensorsWriter(
      Map<String, String> metadata, Iterable<TensorSource> tensors, @Nullable TensorType floatsAs) {
    if (floatsAs != null
        && floatsAs != TensorType.F32
        && floatsAs != TensorType.F16
        && floatsAs != TensorType.BF16) {
      throw new BadInputException("floats can be stored as F32, F16 or BF16, not as " + floatsAs);
    }
    Set<String> names = new HashSet<>();
    for (TensorSource source : tensors) {
      TensorInfo info = source.info();
      String name = Shown.quoted(info.name());
      if (info.name().equals(SafeTensorsHeader.METADATA)) {
        throw new BadInputException("the tensor name " + name + " is reserved by the format");
      }
      if (!Shown.isWellFormed(info.name())) {
        throw new BadInputException("the tensor name " + name + " has half a surrogate pair");
      }
      if (!names.add(info.name())) {
        throw new BadInputException("the tensor name " + name + " is used twice");
      }
      TensorInfo stored =
          floatsAs != null && info.type().isFloat()
              ? new TensorInfo(info.name(), floatsAs, info.shape())
              : info;
      plan.add(new Planned(source, stored));
    }
    // as the safetensors library lays files out, so each tensor is aligned to its element size
    plan.sort(
        Comparator.<Planned, TensorType>comparing(p -> p.stored.type())
            .reversed()
            .thenComparing(p -> p.stored.name()));
    header = header(metadata);
  }

  private byte[] header(Map<String, String> metadata) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonWriter json = new JsonWriter(new OutputStreamWriter(text, StandardCharsets.UTF_8))) {
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name(SafeTensorsHeader.METADATA).beginObject();
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
      }
      long begin = 0;
      for (Planned tensor : plan) {
        TensorInfo info = tensor.stored;
        json.name(info.name()).beginObject();
        json.name("dtype").value(info.type().name());
        json.name("shape").beginArray();
        for (long size : info.shape()) {
          json.value(size);
        }
        json.endArray();
        long end = Math.addExact(begin, info.bytes());
        json.name("data_offsets").beginArray().value(begin).value(end).endArray();
        json.endObject();
        begin = end;
      }
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int aligned = (text.size() + 7) / 8 * 8;
    if (aligned > SafeTensors.LONGEST_HEADER) {
      throw new BadInputException(
          "names and metadata take "
              + aligned
              + " bytes; the format allows a header of "
              + SafeTensors.LONGEST_HEADER);
    }
    byte[] padded = Arrays.copyOf(text.toByteArray(), aligned);
    Arrays.fill(padded, text.size(), aligned, (byte) ' ');
    return padded;
  }

  void write(Path file) throws IOException {
    WholeFile.write(file, this::writeTo);
  }

  private void writeTo(FileChannel out) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(SafeTensors.LENGTH_BYTES);
    writeFully(out, length.order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
    writeFully(out, ByteBuffer.wrap(header));
    for (Planned tensor : plan) {
      TensorInfo given = tensor.source.info();
      ByteBuffer data = tensor.source.data().read().duplicate();
      if (data.remaining() != given.bytes()) {
        throw new BadInputException(
            "tensor "
                + Shown.quoted(given.name())
                + " of "
                + given.bytes()
                + " bytes was given "
                + data.remaining());
      }
      if (given.type() == tensor.stored.type()) {
        writeFully(out, data);
      } else {
        writeCast(out, given, data, tensor.stored.type());
      }
    }
  }

  private static void writeCast(
      FileChannel out, TensorInfo info, ByteBuffer data, TensorType target) throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_ELEMENTS * target.size()).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer values = FloatBuffer.allocate(CHUNK_ELEMENTS);
    int step = CHUNK_ELEMENTS * info.type().size();
    while (data.hasRemaining()) {
      int length = Math.min(step, data.remaining());
      Elements.toFloats(info.type(), data.slice(data.position(), length), values.clear());
      data.position(data.position() + length);
      narrow(info, values.flip(), chunk.clear(), target);
      writeFully(out, chunk.flip());
    }
  }

  private static void narrow(
      TensorInfo info, FloatBuffer values, ByteBuffer chunk, TensorType target) {
    while (values.hasRemaining()) {
      float value = values.get();
      switch (target) {
        case F16 -> {
          short half = HalfPrecision.floatToFloat16(value);
          requireStillFinite(info, value, HalfPrecision.float16ToFloat(half), target);
          chunk.putShort(half);
        }
        case BF16 -> {
          short half = HalfPrecision.floatToBfloat16(value);
          requireStillFinite(info, value, HalfPrecision.bfloat16ToFloat(half), target);
          chunk.putShort(half);
        }
        default -> chunk.putFloat(value);
      }
    }
  }

  private static void requireStillFinite(
      TensorInfo info, float value, float stored, TensorType target) {
    if (Float.isInfinite(stored) && !Float.isInfinite(value)) {
      throw new BadInputException(
          "tensor "
              + Shown.quoted(info.name())
              + " holds "
              + value
              + ", which "
              + target
              + " cannot; store it as "
              + (target == TensorType.F16 ? "BF16 or F32" : "F32"));
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    // in slices: for a heap buffer the JDK keeps a direct copy as large as what it is handed
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + (1 << 20)));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      bytes.limit(end);
    }
  }
}
