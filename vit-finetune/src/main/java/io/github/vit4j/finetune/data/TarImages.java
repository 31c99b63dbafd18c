package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The images of a tar file, plain or gzipped, with entries {@code .../SPLIT/CLASS/.../NAME}, as
 * they are in {@link ImageFolder}'s folders. Names are UTF-8, whatever the platform's encoding. The
 * encoded images are kept in memory, for small data sets.
 */
public final class TarImages implements ImageDataset {

  /** 1 GiB of encoded images; a larger archive is better unpacked. */
  public static final long DEFAULT_LIMIT = 1L << 30;

  /** One image file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String name, String split, String label, byte[] bytes) {}

  private final ImageDecoder decoder = new ImageDecoder();
  private final Path file;
  private final List<Entry> entries;
  private final List<String> classes;
  private final int[] labels;

  private TarImages(Path file, List<Entry> entries, List<String> classes) {
    this.file = file;
    this.entries = entries;
    this.classes = classes;
    labels = new int[entries.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes.indexOf(entries.get(i).label);
      if (labels[i] < 0) {
        throw new BadInputException(
            "%s is of class '%s', which none of the training images is of"
                .formatted(name(i), entries.get(i).label));
      }
    }
  }

  /**
   * {@return the images of a tar file}
   *
   * @param file {@code .tar}, {@code .tar.gz} or {@code .tgz}, of at most 1 GiB of images
   * @throws BadInputException if it is broken, too large, or does not hold training and validation
   *     images of at least two classes
   */
  public static DataSplits of(Path file) {
    return of(file, DEFAULT_LIMIT);
  }

  static DataSplits of(Path file, long limit) {
    // by name: what was appended to an archive replaces what was there, as when it is unpacked
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (InputStream in = open(file);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) { // not the platform's
      long room = limit;
      TarArchiveEntry entry = tar.getNextEntry();
      for (; entry != null; entry = tar.getNextEntry()) {
        String[] path = path(entry.getName());
        int split = split(path);
        if (!entry.isFile() || split < 0 || !isShown(path, split)) {
          continue;
        }
        room -= entry.getSize();
        if (entry.getSize() < 0 || room < 0) {
          throw new BadInputException(
              "%s holds more than %d bytes of images; unpack it and give the folder"
                  .formatted(file, limit));
        }
        byte[] bytes = isLink(entry) ? linked(file, entry, entries) : tar.readAllBytes();
        entries.put(
            entry.getName(), new Entry(entry.getName(), path[split], path[split + 1], bytes));
      }
    } catch (IOException | IllegalArgumentException e) {
      if (e instanceof BadInputException bad) {
        throw bad;
      }
      throw new BadInputException(
          "%s is no tar file, or it is broken (%s); download it again"
              .formatted(file, e.getMessage()),
          e);
    }
    Map<String, List<Entry>> splits = new TreeMap<>();
    for (Entry entry : entries.values()) {
      splits.computeIfAbsent(entry.split, key -> new ArrayList<>()).add(entry);
    }
    return splits(file, splits);
  }

  private static String[] path(String name) {
    return Arrays.stream(name.split("/"))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toArray(String[]::new);
  }

  /** Where the split's name is, with a class and at any depth below it an image; or negative. */
  private static int split(String[] path) {
    for (int at = path.length - 3; at >= 0; at--) {
      if (ImageFolder.TRAIN.contains(path[at]) || ImageFolder.VALIDATION.contains(path[at])) {
        return at;
      }
    }
    return path.length - 3;
  }

  private static boolean isShown(String[] path, int split) {
    return ImageFiles.isImage(path[path.length - 1])
        && Arrays.stream(path).skip(split + 1L).noneMatch(part -> part.startsWith("."));
  }

  private static boolean isLink(TarArchiveEntry entry) {
    return entry.isLink() || entry.isSymbolicLink();
  }

  /** tar packs a file that has two names once; the second entry has no bytes. */
  private static byte[] linked(Path file, TarArchiveEntry link, Map<String, Entry> entries) {
    Entry target = link.isLink() ? entries.get(link.getLinkName()) : null;
    if (target == null) {
      throw new BadInputException(
          "%s in %s is a link to %s, not an image; pack the images with tar --dereference, or give their folder"
              .formatted(link.getName(), file, link.getLinkName()));
    }
    return target.bytes;
  }

  private static InputStream open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file + " does not exist or is no file; give a tar file");
    }
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20);
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".gz") && !name.endsWith(".tgz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static DataSplits splits(Path file, Map<String, List<Entry>> splits) {
    List<Entry> train = first(file, splits, ImageFolder.TRAIN);
    List<Entry> validation = first(file, splits, ImageFolder.VALIDATION);
    TreeSet<String> names = new TreeSet<>();
    train.forEach(entry -> names.add(entry.label));
    if (names.size() < 2) {
      throw new BadInputException(
          "%s has images of one class only (%s); a classifier needs at least two"
              .formatted(file, names.first()));
    }
    List<String> classes = List.copyOf(names);
    return new DataSplits(
        new TarImages(file, train, classes), new TarImages(file, validation, classes));
  }

  private static List<Entry> first(Path file, Map<String, List<Entry>> splits, List<String> names) {
    for (String name : names) {
      List<Entry> entries = splits.get(name);
      if (entries != null) {
        return entries;
      }
    }
    throw new BadInputException(
        "%s has no images under %s/CLASS/; what is there lies under %s"
            .formatted(file, String.join(" or ", names), splits.keySet()));
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return entries.get(index).name + " in " + file;
  }

  @Override
  public long stamp(int index) {
    CRC32 sum = new CRC32();
    sum.update(entries.get(index).bytes);
    return sum.getValue();
  }

  @Override
  public RgbImage image(int index) {
    return decoder.decode(entries.get(index).bytes, name(index));
  }
}
