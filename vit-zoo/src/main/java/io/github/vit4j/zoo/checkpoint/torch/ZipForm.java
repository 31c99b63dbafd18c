package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.pickle.PickleInput;
import io.github.vit4j.zoo.checkpoint.pickle.Unpickler;
import io.github.vit4j.zoo.checkpoint.zip.Archive;
import io.github.vit4j.zoo.checkpoint.zip.ArchiveEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The zip archive that {@code torch.save} writes since 1.6, and {@code torch.jit.save}: {@code
 * NAME/data.pkl}, {@code NAME/byteorder}, and a storage an entry as {@code NAME/data/KEY}.
 */
final class ZipForm {

  private static final String PICKLE = "data.pkl";

  /** Torch stores and never deflates; who does it afterwards gains little on a pickle. */
  private static final long MOST_EXPANSION = 64;

  private static final long ALWAYS_UNPACKED = 1 << 24;

  private ZipForm() {}

  static boolean isZip(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(4);
    return channel.read(start, 0) == 4 && start.getInt(0) == 0x504b0304;
  }

  static TorchContents read(FileChannel channel) throws IOException {
    Archive archive = Archive.read(channel);
    ArchiveEntry pickle = pickle(archive);
    String folder = pickle.name().substring(0, pickle.name().length() - PICKLE.length());
    refuseBigEndian(archive, folder);
    if (pickle.length() > ALWAYS_UNPACKED && pickle.length() / MOST_EXPANSION > pickle.packed()) {
      throw new BadInputException(
          "has a "
              + PICKLE
              + " that would grow from "
              + pickle.packed()
              + " to "
              + pickle.length()
              + " bytes, as none does that describes tensors");
    }
    byte[] bytes = archive.bytes(pickle, Unpickler.LONGEST);
    Object root;
    try {
      root =
          Unpickler.read(
              new PickleInput(ByteBuffer.wrap(bytes)), new TorchGlobals(), new StorageIds());
    } catch (BadInputException e) {
      throw new BadInputException("its " + PICKLE + " " + e.getMessage(), e);
    }
    Map<String, Place> places = new HashMap<>();
    String storages = folder + "data/";
    for (ArchiveEntry entry : archive.entries()) {
      if (entry.name().startsWith(storages)) {
        Optional<ArchiveEntry> packed = entry.deflated() ? Optional.of(entry) : Optional.empty();
        places.put(
            entry.name().substring(storages.length()),
            new Place(entry.position(), entry.length(), packed));
      }
    }
    return new TorchContents(root, places, Optional.of(archive));
  }

  /** It lies in the one folder that everything lies in. */
  private static ArchiveEntry pickle(Archive archive) {
    List<ArchiveEntry> found =
        archive.entries().stream().filter(e -> e.name().matches("([^/]+/)?data\\.pkl")).toList();
    if (found.size() != 1) {
      throw new BadInputException(
          "is a zip archive with "
              + (found.isEmpty() ? "no" : "more than one")
              + " data.pkl, so not one of torch.save");
    }
    return found.get(0);
  }

  private static void refuseBigEndian(Archive archive, String folder) throws IOException {
    Optional<ArchiveEntry> entry = archive.find(folder + "byteorder");
    if (entry.isPresent()) {
      String order = new String(archive.bytes(entry.get(), 64), StandardCharsets.ISO_8859_1);
      if (!order.equals("little")) {
        throw new BadInputException(
            order.equals("big")
                ? "was saved on a big-endian machine, which is not read; save it again on another"
                : "does not say which byte order it has");
      }
    }
  }
}
