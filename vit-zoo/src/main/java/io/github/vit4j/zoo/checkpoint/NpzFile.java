package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** An open npz file; each array is unpacked when it is asked for. */
final class NpzFile implements Checkpoint {

  record Array(TensorInfo info, NpyHeader header, ZipEntry entry) {}

  private final Path source;
  private final ZipFile zip;
  private final Map<String, Array> arrays;
  private volatile boolean closed;

  /**
   * @param zip owned from here on
   */
  NpzFile(Path source, ZipFile zip, Map<String, Array> arrays) {
    this.source = source;
    this.zip = zip;
    this.arrays = arrays;
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return arrays.values().stream().map(Array::info).toList();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(arrays.get(name)).map(Array::info);
  }

  @Override
  public ByteBuffer bytes(String name) {
    if (closed) {
      throw new IllegalStateException(source + " has been closed");
    }
    info(name);
    Array array = Objects.requireNonNull(arrays.get(name));
    byte[] data = unpack(array);
    int size = array.info.type().size();
    if (array.header.bigEndian()) {
      reverseEach(data, size);
    }
    if (array.header.columnMajor() && data.length > 0) {
      data = rowMajor(data, array.info.shape().stream().mapToInt(Long::intValue).toArray(), size);
    }
    return ByteBuffer.wrap(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] unpack(Array array) {
    String where = source + ": array " + Shown.quoted(array.info.name());
    if (array.info.bytes() > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          where + " has " + array.info.bytes() + " bytes; 2 GiB is the most that can be unpacked");
    }
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(array.entry), crc)) {
      in.readNBytes(array.header.length());
      byte[] data = in.readNBytes((int) array.info.bytes());
      if (data.length < array.info.bytes() || in.read() >= 0) {
        throw new BadInputException(where + " does not have the length that the archive says");
      }
      if (crc.getValue() != array.entry.getCrc()) {
        throw new BadInputException(where + " is damaged (its checksum differs); fetch it again");
      }
      return data;
    } catch (IOException e) {
      throw new BadInputException(where + " cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static void reverseEach(byte[] data, int size) {
    for (int begin = 0; begin < data.length; begin += size) {
      for (int low = begin, high = begin + size - 1; low < high; low++, high--) {
        byte kept = data[low];
        data[low] = data[high];
        data[high] = kept;
      }
    }
  }

  /** Copies elements stored with the first index varying fastest to the last varying fastest. */
  private static byte[] rowMajor(byte[] data, int[] shape, int size) {
    byte[] result = new byte[data.length];
    int[] index = new int[shape.length];
    int from = 0;
    for (int to = 0; to < data.length; to += size) {
      System.arraycopy(data, from, result, to, size);
      // the source position moves as an odometer does, last index first
      int stride = data.length;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        stride /= shape[axis];
        from += stride;
        if (++index[axis] < shape[axis]) {
          break;
        }
        index[axis] = 0;
        from -= stride * shape[axis];
      }
    }
    return result;
  }

  @Override
  public void close() {
    closed = true;
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + source, e);
    }
  }
}
