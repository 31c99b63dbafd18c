package io.github.vit4j.zoo.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Puts zip archives together, byte by byte, so that they may lie. */
final class ZipWriter {

  /** One entry, in which anything may be changed before it is written. */
  static final class Entry {
    String name = "";
    String localName = "";
    byte[] packed = new byte[0];
    int method;
    int flags;
    int crc;
    int packedSize;
    int size;
    int header;

    Entry lie(Consumer<Entry> change) {
      change.accept(this);
      return this;
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Entry> entries = new ArrayList<>();

  static byte[] torch(byte[] pickle, byte[] storage) {
    return new ZipWriter().add("x/data.pkl", pickle).add("x/data/0", storage).bytes();
  }

  static Entry stored(String name, byte[] data) {
    Entry entry = new Entry();
    entry.name = name;
    entry.localName = name;
    entry.packed = data;
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.crc = (int) crc.getValue();
    entry.packedSize = data.length;
    entry.size = data.length;
    return entry;
  }

  static Entry deflated(String name, byte[] data) {
    Entry entry = stored(name, data);
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] chunk = new byte[1 << 16];
    while (!deflater.finished()) {
      packed.write(chunk, 0, deflater.deflate(chunk));
    }
    deflater.end();
    entry.packed = packed.toByteArray();
    entry.packedSize = entry.packed.length;
    entry.method = 8;
    return entry;
  }

  ZipWriter add(String name, byte[] data) {
    return add(stored(name, data));
  }

  ZipWriter add(Entry entry) {
    byte[] name = entry.localName.getBytes(StandardCharsets.UTF_8);
    entry.header += out.size();
    out.writeBytes(
        buffer(30)
            .putInt(0x04034b50)
            .putShort((short) 20)
            .putShort((short) entry.flags)
            .putShort((short) entry.method)
            .putInt(0)
            .putInt(entry.crc)
            .putInt(entry.packedSize)
            .putInt(entry.size)
            .putShort((short) name.length)
            .array());
    out.writeBytes(name);
    out.writeBytes(entry.packed);
    return list(entry);
  }

  /** Lists an entry in the directory without writing it. */
  ZipWriter list(Entry entry) {
    entries.add(entry);
    return this;
  }

  byte[] bytes() {
    return bytes(entries.size(), 0);
  }

  /** With a directory that counts so many entries and claims to begin so much later. */
  byte[] bytes(int count, int shift) {
    int begin = out.size();
    for (Entry entry : entries) {
      byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(
          buffer(46)
              .putInt(0x02014b50)
              .putInt(20)
              .putShort((short) entry.flags)
              .putShort((short) entry.method)
              .putInt(0)
              .putInt(entry.crc)
              .putInt(entry.packedSize)
              .putInt(entry.size)
              .putShort((short) name.length)
              .putLong(0)
              .putInt(0)
              .putInt(42, entry.header)
              .array());
      out.writeBytes(name);
    }
    int length = out.size() - begin;
    out.writeBytes(
        buffer(22)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) count)
            .putShort((short) count)
            .putInt(length)
            .putInt(begin + shift)
            .array());
    return out.toByteArray();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
