package io.github.vit4j.zoo.checkpoint.zip;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The table at the end of a zip archive, also in its 64-bit form. Source: APPNOTE.TXT of PKWARE,
 * 4.3.12 to 4.3.16 and 4.5.3.
 *
 * @param begin where it begins in the file, behind all data
 * @param entries in its own order
 */
record CentralDirectory(long begin, List<Entry> entries) {

  /** As many as tensors are allowed, and some. */
  private static final int MOST_ENTRIES = (1 << 18) + 1024;

  /** Names of a hundred bytes or so; a table of greater size describes no checkpoint. */
  private static final int LONGEST = 1 << 26;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int ZIP64_FIELD = 1;
  private static final long IN_ZIP64 = 0xFFFF_FFFFL;

  /** One line of the table; {@code header} is where the entry's local header begins. */
  record Entry(
      String name,
      byte[] rawName,
      boolean encrypted,
      int method,
      int crc,
      long packed,
      long length,
      long header) {}

  private record Place(long begin, long length, long count) {}

  static CentralDirectory find(FileChannel channel) throws IOException {
    Place place = place(channel);
    if (place.count < 0 || place.count > MOST_ENTRIES || place.length > LONGEST) {
      throw new BadInputException(
          "claims "
              + Long.toUnsignedString(place.count)
              + " entries in a directory of "
              + place.length
              + " bytes, more than any checkpoint has");
    }
    ByteBuffer table = Archive.bytes(channel, place.begin, (int) place.length);
    List<Entry> entries = new ArrayList<>();
    while (table.hasRemaining()) {
      if (entries.size() == place.count) {
        throw broken("its directory lists more entries than it counts");
      }
      entries.add(entry(table));
    }
    if (entries.size() != place.count) {
      throw broken("its directory lists fewer entries than it counts");
    }
    return new CentralDirectory(place.begin, List.copyOf(entries));
  }

  private static Place place(FileChannel channel) throws IOException {
    long size = channel.size();
    int tailLength = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = Archive.bytes(channel, size - tailLength, tailLength);
    int at = tailLength - END_BYTES;
    while (at >= 0 && !endsThere(tail, at)) {
      at--;
    }
    if (at < 0) {
      throw broken("it has no directory at its end");
    }
    long end = size - tailLength + at;
    Place place =
        new Place(
            tail.getInt(at + 16) & 0xFFFF_FFFFL,
            tail.getInt(at + 12) & 0xFFFF_FFFFL,
            tail.getShort(at + 10) & 0xFFFF);
    int disks = tail.getInt(at + 4);
    if (end >= LOCATOR_BYTES) {
      ByteBuffer locator = Archive.bytes(channel, end - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_SIGNATURE) {
        end = locator.getLong(8);
        place = place64(channel, end, size);
        disks = 0;
      }
    }
    boolean inside = place.begin >= 0 && place.length >= 0 && place.begin <= end - place.length;
    if (disks != 0 || !inside) {
      throw broken("its directory is not where it says");
    }
    return place;
  }

  /** The comment is arbitrary, so only a record whose comment ends with the file counts. */
  private static boolean endsThere(ByteBuffer tail, int at) {
    return tail.getInt(at) == END_SIGNATURE
        && (tail.getShort(at + 20) & 0xFFFF) == tail.limit() - at - END_BYTES;
  }

  private static Place place64(FileChannel channel, long at, long size) throws IOException {
    if (at < 0 || at > size - END64_BYTES - LOCATOR_BYTES - END_BYTES) {
      throw broken("its 64-bit directory is not where it says");
    }
    ByteBuffer end = Archive.bytes(channel, at, END64_BYTES);
    if (end.getInt(0) != END64_SIGNATURE || end.getLong(16) != 0) {
      throw broken("its 64-bit directory is not where it says");
    }
    return new Place(end.getLong(48), end.getLong(40), end.getLong(32));
  }

  private static Entry entry(ByteBuffer table) {
    if (table.remaining() < ENTRY_BYTES) {
      throw broken("its directory ends within an entry");
    }
    ByteBuffer fixed = part(table, ENTRY_BYTES);
    if (fixed.getInt(0) != ENTRY_SIGNATURE) {
      throw broken("its directory is damaged");
    }
    int nameLength = fixed.getShort(28) & 0xFFFF;
    int extraLength = fixed.getShort(30) & 0xFFFF;
    int commentLength = fixed.getShort(32) & 0xFFFF;
    if (table.remaining() < nameLength + extraLength + commentLength) {
      throw broken("its directory ends within an entry");
    }
    byte[] name = new byte[nameLength];
    table.get(name);
    ByteBuffer extra = part(table, extraLength);
    table.position(table.position() + commentLength);
    long[] wide =
        widened(
            extra,
            fixed.getInt(24) & 0xFFFF_FFFFL,
            fixed.getInt(20) & 0xFFFF_FFFFL,
            fixed.getInt(42) & 0xFFFF_FFFFL);
    return new Entry(
        new String(name, StandardCharsets.UTF_8),
        name,
        (fixed.getShort(8) & 1) != 0,
        fixed.getShort(10) & 0xFFFF,
        fixed.getInt(16),
        wide[1],
        wide[0],
        wide[2]);
  }

  /** The 64-bit field holds those of the three numbers that do not fit, in this order. */
  private static long[] widened(ByteBuffer extra, long... numbers) {
    while (extra.remaining() >= 4) {
      int kind = extra.getShort() & 0xFFFF;
      int length = extra.getShort() & 0xFFFF;
      if (length > extra.remaining()) {
        throw broken("an extra field in its directory is cut short");
      }
      ByteBuffer field = part(extra, length);
      for (int i = 0; kind == ZIP64_FIELD && i < numbers.length; i++) {
        if (numbers[i] == IN_ZIP64) {
          if (field.remaining() < Long.BYTES) {
            throw broken("a 64-bit field in its directory is cut short");
          }
          numbers[i] = field.getLong();
        }
      }
    }
    return numbers;
  }

  private static ByteBuffer part(ByteBuffer of, int length) {
    ByteBuffer part = of.slice(of.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    of.position(of.position() + length);
    return part;
  }

  private static BadInputException broken(String why) {
    return new BadInputException("is not a whole zip archive: " + why + "; fetch it again");
  }
}
