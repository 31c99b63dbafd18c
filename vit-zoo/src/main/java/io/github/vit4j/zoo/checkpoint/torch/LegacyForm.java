package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import io.github.vit4j.zoo.checkpoint.pickle.PersistentIds;
import io.github.vit4j.zoo.checkpoint.pickle.PickleInput;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import io.github.vit4j.zoo.checkpoint.pickle.Unpickler;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code torch.save} wrote before 1.6: five pickles (a magic number, the version, the machine,
 * the object, the keys of its storages), then the storages in that order, each behind its number of
 * elements. Source: {@code _legacy_save} in torch/serialization.py.
 */
final class LegacyForm {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  /** Below this a copy is cheaper than a mapping. */
  private static final int SMALL = 1 << 16;

  private final FileChannel channel;
  private long position;

  private LegacyForm(FileChannel channel) {
    this.channel = channel;
  }

  static TorchContents read(FileChannel channel) throws IOException {
    return new LegacyForm(channel).read();
  }

  private TorchContents read() throws IOException {
    PersistentIds none =
        id -> {
          throw new BadInputException("refers to a storage where there is none");
        };
    Object magic;
    try {
      magic = pickle(none);
    } catch (BadInputException e) {
      throw new BadInputException("is not a file of torch.save: " + e.getMessage(), e);
    }
    if (!magic.equals(MAGIC)) {
      throw new BadInputException(
          "is a Python pickle, but not one of torch.save; save its state_dict() with torch.save");
    }
    Object version = pickle(none);
    if (!version.equals(VERSION)) {
      throw new BadInputException(
          "is of the unknown version " + Shown.quoted(String.valueOf(version)) + " of torch.save");
    }
    refuseBigEndian(pickle(none));
    StorageIds ids = new StorageIds();
    Object root = pickle(ids);
    if (!(pickle(none) instanceof Sequence keys)) {
      throw new BadInputException("does not list its storages");
    }
    return new TorchContents(root, places(keys, ids.storages()), Optional.empty());
  }

  private Object pickle(PersistentIds ids) throws IOException {
    int length = (int) Math.min(Unpickler.LONGEST, channel.size() - position);
    PickleInput in = new PickleInput(bytes(length));
    long start = position;
    try {
      Object value = Unpickler.read(in, new TorchGlobals(), ids);
      position += in.position();
      return value;
    } catch (BadInputException e) {
      throw new BadInputException("the pickle at byte " + start + " " + e.getMessage(), e);
    }
  }

  /** The pickle is short, but what follows it may not be: so a large file is mapped. */
  private ByteBuffer bytes(int length) throws IOException {
    return length <= SMALL
        ? read(length)
        : channel.map(MapMode.READ_ONLY, position, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new BadInputException("ends too early; fetch it again");
      }
    }
    return bytes.flip();
  }

  private static void refuseBigEndian(Object machine) {
    if (!(machine instanceof Dictionary facts)) {
      throw new BadInputException("does not say on which machine it was saved");
    }
    if (!Boolean.TRUE.equals(facts.entries().get("little_endian"))) {
      throw new BadInputException(
          "was saved on a big-endian machine, which is not read; save it again on another");
    }
  }

  private Map<String, Place> places(Sequence keys, Map<String, Storage> storages)
      throws IOException {
    Map<String, Place> places = new HashMap<>();
    for (Object key : keys.items()) {
      Storage storage = key instanceof String name ? storages.get(name) : null;
      if (storage == null) {
        throw new BadInputException("lists a storage that nothing speaks of");
      }
      String where = "storage " + Shown.quoted(storage.key());
      long left = channel.size() - position - Long.BYTES;
      if (left < storage.bytes()) {
        throw new BadInputException(
            where
                + " has "
                + storage.bytes()
                + " bytes, of which the file has only "
                + Math.max(0, left)
                + "; it is cut short, so fetch it again");
      }
      long count = count();
      if (count != storage.count()) {
        throw new BadInputException(
            where + " has " + count + " elements where the pickle says " + storage.count());
      }
      if (places.put(storage.key(), new Place(position, storage.bytes(), Optional.empty()))
          != null) {
        throw new BadInputException(where + " is there twice");
      }
      position += storage.bytes();
    }
    return places;
  }

  private long count() throws IOException {
    long count = read(Long.BYTES).getLong();
    position += Long.BYTES;
    return count;
  }
}
