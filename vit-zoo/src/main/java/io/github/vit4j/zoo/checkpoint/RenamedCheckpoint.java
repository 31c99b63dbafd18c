package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Another checkpoint's tensors under other names. */
final class RenamedCheckpoint implements Checkpoint {

  private final Checkpoint file;
  private final Map<String, String> nameInFile;
  private final Map<String, TensorInfo> infos = new LinkedHashMap<>();

  /**
   * @param nameInFile by new name
   */
  RenamedCheckpoint(Checkpoint file, Map<String, String> nameInFile) {
    this.file = file;
    this.nameInFile = nameInFile;
    nameInFile.forEach(
        (name, inFile) -> {
          TensorInfo info = file.info(inFile);
          infos.put(name, new TensorInfo(name, info.type(), info.shape()));
        });
  }

  @Override
  public Path source() {
    return file.source();
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return Collections.unmodifiableCollection(infos.values());
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(infos.get(name));
  }

  @Override
  public ByteBuffer bytes(String name) {
    return file.bytes(inFile(name));
  }

  @Override
  public void copyTo(String name, FloatBuffer out) {
    file.copyTo(inFile(name), out);
  }

  @Override
  public NDArray array(String name, NDManager manager) {
    return file.array(inFile(name), manager);
  }

  private String inFile(String name) {
    info(name);
    return nameInFile.getOrDefault(name, name);
  }

  @Override
  public void close() {
    file.close();
  }
}
