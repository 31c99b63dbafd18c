package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** Records of labels and 32 x 32 pixels, plane by plane, kept in memory. */
final class CifarImages implements ImageDataset {

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  /** Several times what the published files have. */
  private static final long LARGEST = 1L << 30;

  /** One file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(Path file, byte[] records, int first) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<String> classes;
  private final int labelBytes;
  private final int recordBytes;
  private final int size;

  /**
   * @param labelBytes how many come before the pixels; the last one is the class
   */
  CifarImages(List<Path> files, List<String> classes, int labelBytes) {
    this.classes = List.copyOf(classes);
    this.labelBytes = labelBytes;
    this.recordBytes = labelBytes + 3 * PLANE;
    int count = 0;
    for (Path file : files) {
      byte[] records = read(file);
      parts.add(new Part(file, records, count));
      count += records.length / recordBytes;
    }
    size = count;
    for (int i = 0; i < size; i++) {
      if (label(i) >= classes.size()) {
        throw new BadInputException(
            "%s has the label %d, but there are %d classes; the file is of another data set or broken"
                .formatted(name(i), label(i), classes.size()));
      }
    }
  }

  private byte[] read(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes == 0 || bytes % recordBytes != 0 || bytes > LARGEST) {
        throw new BadInputException(
            "%s has %d bytes, which is no number of records of %d bytes; download it again"
                .formatted(file, bytes, recordBytes));
      }
      byte[] records = Files.readAllBytes(file);
      if (records.length != bytes) {
        throw new BadInputException(file + " changed while it was read; try again");
      }
      return records;
    } catch (IOException e) {
      throw new BadInputException("cannot read " + file + ": " + e, e);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    Part part = part(index);
    return part.records[(index - part.first) * recordBytes + labelBytes - 1] & 0xff;
  }

  @Override
  public String name(int index) {
    Part part = part(index);
    return part.file + " record " + (index - part.first);
  }

  @Override
  public long stamp(int index) {
    Part part = part(index);
    CRC32 sum = new CRC32();
    sum.update(part.records, (index - part.first) * recordBytes, recordBytes);
    return sum.getValue();
  }

  @Override
  public RgbImage image(int index) {
    Part part = part(index);
    int from = (index - part.first) * recordBytes + labelBytes;
    byte[] rgb = new byte[3 * PLANE];
    for (int i = 0, to = 0; i < PLANE; i++) {
      rgb[to++] = part.records[from + i];
      rgb[to++] = part.records[from + PLANE + i];
      rgb[to++] = part.records[from + 2 * PLANE + i];
    }
    return RgbImage.of(SIDE, SIDE, rgb);
  }

  private Part part(int index) {
    Objects.checkIndex(index, size);
    int at = parts.size() - 1;
    while (parts.get(at).first > index) {
      at--;
    }
    return parts.get(at);
  }
}
