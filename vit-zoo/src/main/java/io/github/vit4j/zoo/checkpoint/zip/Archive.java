package io.github.vit4j.zoo.checkpoint.zip;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * What a zip archive holds, and where. Each entry's place is checked: names are relative and there
 * once, local and central header agree, nothing overlaps, and all lies within the file.
 */
public final class Archive {

  /** No byte of deflated data stands for more than this many. */
  private static final long DEFLATE_LIMIT = 1032;

  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;

  private final FileChannel channel;
  private final Map<String, ArchiveEntry> entries;

  private Archive(FileChannel channel, Map<String, ArchiveEntry> entries) {
    this.channel = channel;
    this.entries = entries;
  }

  /**
   * Reads and checks the directory.
   *
   * @param channel stays the caller's
   * @return the archive
   * @throws BadInputException without the file's name, which the caller knows, if this is no
   *     archive, a broken one, or one that lies about itself
   * @throws IOException if the channel cannot be read
   */
  public static Archive read(FileChannel channel) throws IOException {
    CentralDirectory directory = CentralDirectory.find(channel);
    Map<String, ArchiveEntry> entries = new LinkedHashMap<>();
    for (CentralDirectory.Entry entry : directory.entries()) {
      ArchiveEntry located = located(channel, entry, directory.begin());
      if (entries.put(located.name(), located) != null) {
        throw new BadInputException("has the entry " + Shown.quoted(entry.name()) + " twice");
      }
    }
    refuseOverlaps(directory.entries(), entries);
    return new Archive(channel, entries);
  }

  private static ArchiveEntry located(
      FileChannel channel, CentralDirectory.Entry entry, long directory) throws IOException {
    String where = "entry " + Shown.quoted(entry.name());
    refuseName(entry.name(), where);
    if (entry.encrypted()) {
      throw new BadInputException(where + " is encrypted");
    }
    if (entry.method() != 0 && entry.method() != 8) {
      throw new BadInputException(
          where + " is packed by the method " + entry.method() + "; store or deflate it");
    }
    if (entry.method() == 0 && entry.packed() != entry.length()) {
      throw new BadInputException(where + " is stored but has two different sizes");
    }
    if (entry.method() == 8 && entry.length() / DEFLATE_LIMIT > entry.packed()) {
      throw new BadInputException(
          where
              + " claims "
              + entry.length()
              + " bytes, more than "
              + entry.packed()
              + " packed bytes can hold");
    }
    if (entry.header() < 0 || entry.header() > directory - LOCAL_BYTES) {
      throw new BadInputException(where + " begins outside of the archive; fetch it again");
    }
    ByteBuffer local = bytes(channel, entry.header(), LOCAL_BYTES);
    int nameLength = local.getShort(26) & 0xFFFF;
    long data = entry.header() + LOCAL_BYTES + nameLength + (local.getShort(28) & 0xFFFF);
    if (local.getInt(0) != LOCAL_SIGNATURE || local.getShort(8) != entry.method()) {
      throw new BadInputException(where + " is not where the directory says; fetch the file again");
    }
    if (entry.packed() < 0 || entry.length() < 0 || entry.packed() > directory - data) {
      throw new BadInputException(where + " is longer than the archive; fetch it again");
    }
    ByteBuffer name = bytes(channel, entry.header() + LOCAL_BYTES, nameLength);
    if (!name.equals(ByteBuffer.wrap(entry.rawName()))) {
      throw new BadInputException(where + " has another name in front of its data");
    }
    return new ArchiveEntry(
        entry.name(), entry.method() == 8, data, entry.packed(), entry.length(), entry.crc());
  }

  /** No name is ever used as a path here, but one that climbs is made to do harm elsewhere. */
  private static void refuseName(String name, String where) {
    boolean climbs = List.of(name.split("/", -1)).contains("..");
    if (climbs || name.isEmpty() || name.startsWith("/") || name.matches("(?s).*[\\\\:\0].*")) {
      throw new BadInputException(where + " has a name that is not a plain relative path");
    }
  }

  private static void refuseOverlaps(
      List<CentralDirectory.Entry> headers, Map<String, ArchiveEntry> entries) {
    List<CentralDirectory.Entry> inOrder = new ArrayList<>(headers);
    inOrder.sort(Comparator.comparingLong(CentralDirectory.Entry::header));
    long free = 0;
    for (CentralDirectory.Entry header : inOrder) {
      ArchiveEntry entry = entries.get(header.name());
      if (entry == null || header.header() < free) {
        throw new BadInputException(
            "entry " + Shown.quoted(header.name()) + " overlaps the one before it");
      }
      free = entry.position() + entry.packed();
    }
  }

  /** {@return all entries, in the order of the directory} */
  public Collection<ArchiveEntry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /**
   * Looks an entry up.
   *
   * @param name its full name
   * @return the entry, if there is one
   */
  public Optional<ArchiveEntry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /**
   * Reads an entry into memory and checks its CRC.
   *
   * @param entry of this archive
   * @param most bytes that it may have
   * @return its bytes, unpacked
   * @throws BadInputException if it is longer, shorter than it claims, or damaged
   * @throws IOException if the channel cannot be read
   */
  public byte[] bytes(ArchiveEntry entry, long most) throws IOException {
    String where = "entry " + Shown.quoted(entry.name());
    if (entry.length() > Math.min(most, Integer.MAX_VALUE - 8)) {
      throw new BadInputException(
          where + " has " + entry.length() + " bytes, more than the " + most + " that are read");
    }
    byte[] data =
        entry.deflated()
            ? inflated(entry, where)
            : bytes(channel, entry.position(), (int) entry.length()).array();
    CRC32 crc = new CRC32();
    crc.update(data);
    // PyTorch writes 0 where it was told to save the time for checksums
    boolean none = entry.crc() == 0 && !entry.deflated();
    if (!none && (int) crc.getValue() != entry.crc()) {
      throw new BadInputException(where + " is damaged (its checksum differs); fetch it again");
    }
    return data;
  }

  private byte[] inflated(ArchiveEntry entry, String where) throws IOException {
    Inflater inflater = new Inflater(true);
    try (InputStream packed = new ChannelStream(channel, entry.position(), entry.packed());
        InputStream in = new InflaterInputStream(packed, inflater)) {
      byte[] data = in.readNBytes((int) entry.length());
      if (data.length < entry.length() || in.read() >= 0) {
        throw new BadInputException(where + " does not have the length that the archive says");
      }
      return data;
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new BadInputException(where + " cannot be unpacked: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  static ByteBuffer bytes(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new BadInputException("ends too early; fetch it again");
      }
    }
    return bytes.flip();
  }
}
