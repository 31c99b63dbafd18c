package io.github.vit4j.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {

  @TempDir Path folder;

  /** The bytes of the summary were taken from TensorBoard's own protocol buffer classes. */
  @Test
  void writesFramedEvents() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder)) {
      log.add(300, Map.of("train/loss", 1.5));
      log.add(0, Map.of("x", -2.0));
    }
    List<byte[]> records = records();
    assertThat(records).hasSize(3);
    assertThat(afterWallTime(records.get(0))).isEqualTo("1a0d" + hex("brain.Event:2"));
    assertThat(afterWallTime(records.get(1)))
        .isEqualTo("10ac02" + "2a13" + "0a11" + "0a0a" + hex("train/loss") + "150000c03f");
    assertThat(afterWallTime(records.get(2)))
        .isEqualTo("1000" + "2a0a" + "0a08" + "0a01" + hex("x") + "15000000c0");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Field 1, a double: seconds since 1970. */
  private static String afterWallTime(byte[] record) {
    ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.get()).isEqualTo((byte) 0x09);
    assertThat(bytes.getDouble()).isBetween(1.7e9, 1e11);
    return HexFormat.of().formatHex(record, 9, record.length);
  }

  private List<byte[]> records() throws IOException {
    Path file;
    try (var files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    assertThat(file.getFileName().toString()).matches("events\\.out\\.tfevents\\.\\d{10}\\..+");
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] record =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(record);
      assertThat(in.getInt()).isEqualTo(masked(record));
      records.add(record);
    }
    return records;
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    return (int) (((value >>> 15 | value << 17) & 0xffffffffL) + 0xa282ead8L);
  }
}
