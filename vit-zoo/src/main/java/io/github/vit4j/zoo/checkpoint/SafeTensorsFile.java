package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/**
 * An open safetensors file. One Java mapping holds at most 2 GiB - 1 bytes, so the data is covered
 * by several that begin and end between tensors; a tensor that is larger lies in none.
 */
final class SafeTensorsFile implements Checkpoint {

  private record Located(TensorInfo info, long begin, Optional<Window> window) {}

  private record Window(long begin, ByteBuffer bytes) {}

  private final MappedFile file;
  private final long dataStart;
  private final Map<String, String> metadata;
  private final Map<String, Located> tensors = new LinkedHashMap<>();
  private final List<TensorInfo> infos = new ArrayList<>();

  /**
   * @param file owned from here on
   */
  SafeTensorsFile(MappedFile file, SafeTensorsHeader header, long dataStart) throws IOException {
    this.file = file;
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
            : file.channel().map(MapMode.READ_ONLY, dataStart + begin, length);
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
    return file.path();
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
    return file.array(info, position, bytes, manager);
  }

  private Located located(String name) {
    file.requireOpen();
    info(name);
    return Objects.requireNonNull(tensors.get(name));
  }

  private BadInputException tooLarge(TensorInfo info) {
    return new BadInputException(
        file.path()
            + ": tensor "
            + Shown.quoted(info.name())
            + " has "
            + info.bytes()
            + " bytes; a single tensor of 2 GiB or more is listed but cannot be read, so store it in"
            + " parts");
  }

  @Override
  public void close() {
    file.close();
  }
}
