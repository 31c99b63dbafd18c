package io.github.vit4j.zoo.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An open safetensors file. One Java mapping holds at most 2 GiB - 1 bytes, so the data is covered
 * by several that begin and end between tensors; a tensor that is larger lies in none.
 */
final class SafeTensorsFile implements Checkpoint {

  /**
   * Below this a copy is cheaper than the pages, and the kernel object, of a mapping of its own.
   */
  private static final int SMALLEST_MAPPED = 1 << 16;

  private static final AtomicLong MAPPINGS = new AtomicLong();

  private record Located(TensorInfo info, long begin, Optional<Window> window) {}

  private record Window(long begin, ByteBuffer bytes) {}

  private final Path source;
  private final FileChannel channel;
  private final boolean copyOnWrite;
  private final long dataStart;
  private final Map<String, String> metadata;
  private final Map<String, Located> tensors = new LinkedHashMap<>();
  private final List<TensorInfo> infos = new ArrayList<>();
  private volatile boolean closed;

  /**
   * @param channel readable, owned from here on
   * @param copyOnWrite whether the channel is also writable, which Java wants of a private mapping
   */
  SafeTensorsFile(
      Path source,
      FileChannel channel,
      boolean copyOnWrite,
      SafeTensorsHeader header,
      long dataStart)
      throws IOException {
    this.source = source;
    this.channel = channel;
    this.copyOnWrite = copyOnWrite;
    this.dataStart = dataStart;
    this.metadata = header.metadata();
    List<SafeTensorsHeader.Entry> entries = header.entries();
    int next = 0;
    while (next < entries.size()) {
      next = addWindow(entries, next);
    }
  }

  /** Maps as many tensors from {@code first} on as one mapping can hold; returns the next. */
  private int addWindow(List<SafeTensorsHeader.Entry> entries, int first) throws IOException {
    long begin = entries.get(first).begin();
    int next = first;
    while (next < entries.size() && entries.get(next).end() - begin <= Integer.MAX_VALUE) {
      next++;
    }
    if (next == first) {
      add(entries.get(first), Optional.empty());
      return first + 1;
    }
    long length = entries.get(next - 1).end() - begin;
    ByteBuffer bytes =
        length == 0
            ? ByteBuffer.allocate(0)
            : channel.map(MapMode.READ_ONLY, dataStart + begin, length);
    Optional<Window> window = Optional.of(new Window(begin, bytes));
    for (SafeTensorsHeader.Entry entry : entries.subList(first, next)) {
      add(entry, window);
    }
    return next;
  }

  private void add(SafeTensorsHeader.Entry entry, Optional<Window> window) {
    tensors.put(entry.info().name(), new Located(entry.info(), entry.begin(), window));
    infos.add(entry.info());
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return Collections.unmodifiableList(infos);
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Located::info);
  }

  @Override
  public ByteBuffer bytes(String name) {
    Located tensor = located(name);
    Window window = tensor.window.orElseThrow(() -> tooLarge(tensor.info));
    return window
        .bytes
        .slice((int) (tensor.begin - window.begin), (int) tensor.info.bytes())
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public NDArray array(String name, NDManager manager) {
    ByteBuffer bytes = bytes(name);
    TensorInfo info = info(name);
    long position = dataStart + located(name).begin;
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
      if (channel.size() < position + length) {
        // mapping beyond the end would lengthen the file
        throw new BadInputException(source + " has become shorter since it was opened");
      }
      return channel.map(MapMode.PRIVATE, position, length).order(ByteOrder.nativeOrder());
    } catch (IOException e) {
      throw new BadInputException(source + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Located located(String name) {
    if (closed) {
      throw new IllegalStateException(source + " has been closed");
    }
    info(name);
    return Objects.requireNonNull(tensors.get(name));
  }

  private BadInputException tooLarge(TensorInfo info) {
    return new BadInputException(
        source
            + ": tensor "
            + Shown.quoted(info.name())
            + " has "
            + info.bytes()
            + " bytes; a single tensor of 2 GiB or more is listed but cannot be read, so store it in"
            + " parts");
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + source, e);
    }
  }

  private record KeptPages(ByteBuffer pages) implements AutoCloseable {
    /** The pages go when nothing refers to them any more. */
    @Override
    public void close() {}
  }
}
