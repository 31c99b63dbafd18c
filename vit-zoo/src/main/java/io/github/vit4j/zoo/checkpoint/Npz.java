package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * NumPy's npz format, in which Flax checkpoints are published: a zip archive, stored or deflated,
 * with one {@code NAME.npy} for each array.
 */
public final class Npz {

  /** No byte of deflated data stands for more than this many. */
  private static final long DEFLATE_LIMIT = 1032;

  /** Weights hardly compress; what is large and compresses this well is made to exhaust memory. */
  private static final long BOMB_BYTES = 100_000_000;

  private static final long BOMB_RATIO = 100;

  private static final String SUFFIX = ".npy";

  private Npz() {}

  /**
   * Opens a file, reading and checking the header of each array. Names are those of the entries
   * without {@code .npy}. Column-major and big-endian arrays are read as if they were neither;
   * arrays of two-byte void type as BF16, since that is how NumPy stores it.
   *
   * @param file an npz file
   * @return the open file; the caller closes it
   * @throws BadInputException if the file cannot be read, is no npz file, or lies about itself
   */
  public static Checkpoint open(Path file) {
    Inputs.requireFile(file);
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      Map<String, NpzFile.Array> arrays = arrays(zip, Files.size(file));
      Checkpoint opened = new NpzFile(file, zip, arrays);
      zip = null;
      return opened;
    } catch (BadInputException e) {
      throw new BadInputException(file + ": " + e.getMessage(), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          file + " is not a whole zip archive (" + e.getMessage() + "); fetch it again", e);
    } finally {
      Inputs.closeQuietly(zip);
    }
  }

  private static Map<String, NpzFile.Array> arrays(ZipFile zip, long fileLength)
      throws IOException {
    List<? extends ZipEntry> entries =
        zip.stream().limit(SafeTensorsHeader.MOST_TENSORS + 1L).toList();
    if (entries.size() > SafeTensorsHeader.MOST_TENSORS) {
      throw new BadInputException("has more than " + SafeTensorsHeader.MOST_TENSORS + " entries");
    }
    if (entries.stream().anyMatch(e -> ("/" + e.getName()).endsWith("/data.pkl"))) {
      throw new BadInputException(
          "is an archive of torch.save or torch.jit.save; open it with TorchFile or Checkpoints");
    }
    Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();
    long packed = 0;
    for (ZipEntry entry : entries) {
      if (!entry.getName().endsWith(SUFFIX)) {
        throw new BadInputException(
            "has the entry " + Shown.quoted(entry.getName()) + ", which is no .npy array");
      }
      String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
      packed += entry.getCompressedSize();
      if (entry.getCompressedSize() < 0 || packed > fileLength) {
        throw new BadInputException("has entries that overlap");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        NpyHeader header = NpyHeader.read(in);
        TensorInfo info = new TensorInfo(name, header.type(), header.shape());
        checkSize(entry, header.length(), info.bytes());
        if (arrays.put(name, new NpzFile.Array(info, header, entry)) != null) {
          throw new BadInputException("is there twice");
        }
      } catch (BadInputException e) {
        throw new BadInputException(
            "entry " + Shown.quoted(entry.getName()) + " " + e.getMessage(), e);
      }
    }
    return arrays;
  }

  private static void checkSize(ZipEntry entry, int header, long data) {
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    if (size - header != data) {
      throw new BadInputException(
          "has a shape and type of " + data + " bytes but holds " + (size - header));
    }
    long most = entry.getMethod() == ZipEntry.STORED ? packed : (packed + 1) * DEFLATE_LIMIT;
    if (size > most) {
      throw new BadInputException(
          "claims " + size + " bytes, more than " + packed + " packed bytes can hold");
    }
    if (size > BOMB_BYTES && size / BOMB_RATIO > packed) {
      throw new BadInputException(
          "would grow from "
              + packed
              + " to "
              + size
              + " bytes, as no weights do; if it is to be trusted, store it uncompressed");
    }
  }
}
