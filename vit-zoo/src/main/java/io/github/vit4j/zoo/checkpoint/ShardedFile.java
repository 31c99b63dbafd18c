package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** A model in several files, seen as one through its index. */
final class ShardedFile implements Checkpoint {

  /** Each is an open file of this process. */
  private static final int MOST_SHARDS = 512;

  private final Path source;
  private final List<Checkpoint> shards;
  private final Map<String, Checkpoint> shardOf;
  private final Map<String, String> metadata;

  private ShardedFile(
      Path source,
      List<Checkpoint> shards,
      Map<String, Checkpoint> shardOf,
      Map<String, String> metadata) {
    this.source = source;
    this.shards = shards;
    this.shardOf = shardOf;
    this.metadata = metadata;
  }

  /**
   * Opens all shards and holds them against the index: each tensor stands in exactly the one that
   * the index names.
   *
   * @param opener opens a shard
   */
  static Checkpoint open(Path index, Function<Path, Checkpoint> opener) {
    List<Checkpoint> opened = new ArrayList<>();
    boolean done = false;
    try {
      ShardIndex content = ShardIndex.read(index);
      Checkpoint whole = new Assembly(index, content, opener, opened).whole();
      done = true;
      return whole;
    } catch (IOException e) {
      throw new BadInputException(index + " cannot be read: " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(index + " " + e.getMessage(), e);
    } finally {
      if (!done) {
        opened.forEach(Checkpoint::close);
      }
    }
  }

  private record Assembly(
      Path index, ShardIndex content, Function<Path, Checkpoint> opener, List<Checkpoint> opened) {

    Checkpoint whole() {
      Map<String, Checkpoint> byFile = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      for (String name : new LinkedHashSet<>(content.shards().values())) {
        if (opened.size() == MOST_SHARDS) {
          throw new BadInputException("names more than " + MOST_SHARDS + " files");
        }
        Checkpoint shard = opener.apply(place(name));
        opened.add(shard);
        byFile.put(name, shard);
        shard.metadata().forEach(metadata::putIfAbsent);
      }
      metadata.putAll(content.metadata());
      Map<String, Checkpoint> shardOf = new LinkedHashMap<>();
      content
          .shards()
          .forEach(
              (tensor, file) -> {
                Checkpoint shard = Objects.requireNonNull(byFile.get(file));
                if (shard.find(tensor).isEmpty()) {
                  throw new BadInputException(
                      "says that tensor "
                          + Shown.quoted(tensor)
                          + " is in "
                          + Shown.quoted(file)
                          + ", which does not have it");
                }
                shardOf.put(tensor, shard);
              });
      byFile.forEach((file, shard) -> refuseOthers(file, shard, shardOf));
      return new ShardedFile(index, List.copyOf(opened), shardOf, Map.copyOf(metadata));
    }

    private static void refuseOthers(
        String file, Checkpoint shard, Map<String, Checkpoint> shardOf) {
      for (TensorInfo info : shard.tensors()) {
        Checkpoint owner = shardOf.get(info.name());
        if (owner != shard) {
          throw new BadInputException(
              "does not say that tensor "
                  + Shown.quoted(info.name())
                  + " is in "
                  + Shown.quoted(file)
                  + (owner == null ? "" : " but in another file, so it is there twice")
                  + "; index and files are of different models");
        }
      }
    }

    /** Only a plain name in the same folder: an index must not reach for other files. */
    private Path place(String name) {
      boolean plain =
          !name.isEmpty()
              && !name.equals(".")
              && !name.equals("..")
              && name.codePoints().noneMatch(c -> c < ' ' || "/\\:".indexOf(c) >= 0);
      if (!plain) {
        throw new BadInputException(
            "names the file "
                + Shown.quoted(name)
                + "; only plain names in the same folder are allowed");
      }
      Path file = index.resolveSibling(name);
      if (!Files.isRegularFile(file)) {
        throw new BadInputException(
            "names the file " + Shown.quoted(name) + ", which is not beside it; fetch it, too");
      }
      return file;
    }
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
    return shardOf.entrySet().stream().map(e -> e.getValue().info(e.getKey())).toList();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(shardOf.get(name)).flatMap(shard -> shard.find(name));
  }

  @Override
  public ByteBuffer bytes(String name) {
    return shard(name).bytes(name);
  }

  @Override
  public void copyTo(String name, FloatBuffer out) {
    shard(name).copyTo(name, out);
  }

  @Override
  public NDArray array(String name, NDManager manager) {
    return shard(name).array(name, manager);
  }

  private Checkpoint shard(String name) {
    info(name);
    return Objects.requireNonNull(shardOf.get(name));
  }

  @Override
  public void close() {
    shards.forEach(Checkpoint::close);
  }
}
