package io.github.vit4j.finetune.report;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Scalars as TensorBoard reads them: a file of length-framed, checksummed protocol buffers ({@code
 * Event} with a {@code Summary} of simple values).
 *
 * <p>Every {@link #add} is one write, so that a run that is killed leaves whole records, and
 * perhaps one cut short at the end, which TensorBoard skips. A run that goes on writes a new file;
 * where steps repeat, TensorBoard shows the newer ones.
 */
public final class TensorBoardLog implements AutoCloseable {

  private static final int MASK_DELTA = 0xa282ead8;

  private static final int FIXED64 = 1;
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final Path file;
  private final FileChannel out;

  /**
   * Begins a new file of events.
   *
   * @param folder where to; made if it is not there
   * @throws BadInputException if it cannot be written
   */
  public TensorBoardLog(Path folder) {
    long now = System.currentTimeMillis();
    file = folder.resolve("events.out.tfevents.%010d.%d.vit4j".formatted(now / 1000, now % 1000));
    try {
      Files.createDirectories(folder);
      out =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      Message event = new Message().tag(1, FIXED64).fixed64(Double.doubleToLongBits(now / 1e3));
      write(event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      close();
      throw failed(e);
    }
  }

  /**
   * Writes scalars.
   *
   * @param step of the training, from 0
   * @param scalars value by tag, such as {@code train/loss}
   * @throws BadInputException if they cannot be written
   */
  public void add(long step, Map<String, Double> scalars) {
    Message summary = new Message();
    scalars.forEach(
        (tag, value) -> {
          Message scalar = new Message().bytes(1, tag.getBytes(StandardCharsets.UTF_8));
          scalar.tag(2, FIXED32).fixed32(Float.floatToIntBits(value.floatValue()));
          summary.bytes(1, scalar.toBytes());
        });
    Message event = new Message().tag(1, FIXED64);
    event.fixed64(Double.doubleToLongBits(System.currentTimeMillis() / 1e3));
    event.tag(2, VARINT).varint(step).bytes(5, summary.toBytes());
    try {
      write(event);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Length, checksum of the length, the record, its checksum: TFRecord's frame. */
  private void write(Message event) throws IOException {
    byte[] record = event.toBytes();
    ByteBuffer frame = ByteBuffer.allocate(record.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(record.length);
    frame.putInt(masked(frame.array(), 0, 8));
    frame.put(record);
    frame.putInt(masked(record, 0, record.length)).flip();
    while (frame.hasRemaining()) {
      out.write(frame);
    }
  }

  private static int masked(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private BadInputException failed(IOException e) {
    return new BadInputException("cannot write events to " + file + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A protocol buffer in the making. */
  private static final class Message {

    private ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

    private Message room(int bytes) {
      if (buffer.remaining() < bytes) {
        ByteBuffer larger = ByteBuffer.allocate(2 * buffer.capacity() + bytes);
        buffer = larger.order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
      }
      return this;
    }

    Message tag(int field, int type) {
      return varint((long) field << 3 | type);
    }

    Message varint(long value) {
      room(10);
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        buffer.put((byte) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      buffer.put((byte) rest);
      return this;
    }

    Message fixed64(long bits) {
      room(Long.BYTES).buffer.putLong(bits);
      return this;
    }

    Message fixed32(int bits) {
      room(Integer.BYTES).buffer.putInt(bits);
      return this;
    }

    Message bytes(int field, byte[] value) {
      tag(field, BYTES).varint(value.length).room(value.length).buffer.put(value);
      return this;
    }

    byte[] toBytes() {
      byte[] bytes = new byte[buffer.position()];
      buffer.get(0, bytes);
      return bytes;
    }
  }
}
