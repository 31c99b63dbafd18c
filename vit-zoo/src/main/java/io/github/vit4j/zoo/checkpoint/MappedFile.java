package io.github.vit4j.zoo.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An open file whose stretches become buffers and arrays, without a copy where that is safe. */
final class MappedFile implements Closeable {

  /**
   * Below this a copy is cheaper than the pages, and the kernel object, of a mapping of its own.
   */
  private static final int SMALLEST_MAPPED = 1 << 16;

  private static final AtomicLong MAPPINGS = new AtomicLong();

  private final Path path;
  private final FileChannel channel;
  private final boolean copyOnWrite;
  private volatile boolean closed;

  private MappedFile(Path path, FileChannel channel, boolean copyOnWrite) {
    this.path = path;
    this.channel = channel;
    this.copyOnWrite = copyOnWrite;
  }

  static MappedFile open(Path path) throws IOException {
    FileChannel writable = openWritable(path);
    return writable != null
        ? new MappedFile(path, writable, true)
        : new MappedFile(path, FileChannel.open(path, StandardOpenOption.READ), false);
  }

  /** Nothing is ever written to it: Java asks for a writable channel to map copy-on-write. */
  private static @Nullable FileChannel openWritable(Path file) {
    try {
      return Files.isWritable(file)
          ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
          : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  FileChannel channel() {
    return channel;
  }

  Path path() {
    return path;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(path + " has been closed");
    }
  }

  /** {@return a stretch of the file, read-only and little-endian; it outlives this object} */
  ByteBuffer bytes(long position, int length) {
    requireOpen();
    try {
      requireStillThere(position + length);
      ByteBuffer bytes =
          length < SMALLEST_MAPPED
              ? read(position, length)
              : channel.map(MapMode.READ_ONLY, position, length);
      return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new BadInputException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw shorter();
      }
    }
    return bytes.flip();
  }

  /**
   * The array of a tensor that lies in the file row-major.
   *
   * @param bytes the same stretch, for when it has to be copied
   */
  NDArray array(TensorInfo info, long position, ByteBuffer bytes, NDManager manager) {
    boolean mappable =
        copyOnWrite
            && EngineArrays.sameBytes(info.type())
            && bytes.remaining() >= SMALLEST_MAPPED
            && position % info.type().size() == 0
            && manager.getDevice().equals(Device.cpu());
    if (!mappable) {
      return EngineArrays.copy(info, bytes, manager);
    }
    ByteBuffer pages = ownPages(position, bytes.remaining());
    NDArray array =
        manager.create(pages, EngineArrays.shape(info), EngineArrays.engineType(info.type()));
    // the array itself keeps the pages, but its views do not: so the manager does too
    manager.attachInternal("checkpoint-pages-" + MAPPINGS.incrementAndGet(), new KeptPages(pages));
    return array;
  }

  /**
   * Pages of their own for each array, so that what is done to one in place is not seen in another.
   */
  private ByteBuffer ownPages(long position, int length) {
    try {
      requireStillThere(position + length);
      return channel.map(MapMode.PRIVATE, position, length).order(ByteOrder.nativeOrder());
    } catch (IOException e) {
      throw new BadInputException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Mapping beyond the end would lengthen the file. */
  private void requireStillThere(long end) throws IOException {
    if (channel.size() < end) {
      throw shorter();
    }
  }

  private BadInputException shorter() {
    return new BadInputException(path + " has become shorter since it was opened");
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + path, e);
    }
  }

  private record KeptPages(ByteBuffer pages) implements AutoCloseable {
    /** The pages go when nothing refers to them any more. */
    @Override
    public void close() {}
  }
}
