package io.github.vit4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @TempDir Path folder;

  /** Lines of what Pillow 9.4 makes of each file: see src/test/python/images.py. */
  static Stream<String> pillowResults() {
    return new String(Fixtures.resource("/images/expected.tsv"), StandardCharsets.UTF_8).lines();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pillowResults")
  void equalsPillow(String expected) {
    String[] parts = expected.split("\t", 2);
    byte[] data = Fixtures.resource("/images/" + parts[0]);
    String actual;
    try {
      RgbImage image = new ImageDecoder().decode(data, parts[0]);
      CRC32 crc = new CRC32();
      crc.update(image.pixels());
      actual = "%d\t%d\t%08x".formatted(image.width(), image.height(), crc.getValue());
    } catch (BadInputException e) {
      assertThat(e).hasMessageContaining(parts[0]);
      actual = "refused";
    }
    assertThat(actual).isEqualTo(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bmp__b__badrle.bmp",
        "bmp__q__pal2.bmp",
        "bmp__q__pal4rletrns.bmp",
        "bmp__q__rgb16-231.bmp",
        "bmp__q__rgba16-4444.bmp",
        "bmp__q__rgba32abf.bmp",
        "apng__chunk_no_fctl.png",
        "png_decompression_dos.png",
        "truncated_end_chunk.png",
        "truncated_exif_dpi.jpg",
        "unknown_compression_method.png"
      })
  void decodesWherePillowRefusesOrErrs(String name) {
    RgbImage image = new ImageDecoder().decode(Fixtures.resource("/images/odd/" + name), name);
    assertThat(image.pixels()).hasSize(3 * image.width() * image.height());
  }

  @Test
  void readsFilesByTheirContentNotTheirName() throws IOException {
    Path file = folder.resolve("picture.txt");
    Files.write(file, Fixtures.resource("/images/made/lossy_40.webp"));
    RgbImage image = new ImageDecoder().decode(file);
    assertThat(image.width()).isEqualTo(37);
    assertThat(image.height()).isEqualTo(26);
  }

  @Test
  void refusesWhatIsNoFileOrNoImage() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.png"));
    Path text = Files.writeString(folder.resolve("notes.jpg"), "not a picture\n");
    assertRefused(folder.resolve("missing.png"), "does not exist");
    assertRefused(folder, "directory");
    assertRefused(empty, "empty");
    assertRefused(text, "no JPEG, PNG, WebP, GIF or BMP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no image", "RIFF    WEBP", "BM", "\u00ff\u00d8\u00ff"})
  void namesDoNotReachTheTerminalAsTheyAre(String content) throws IOException {
    String name = "a\u001b[2J\u009b31m\n.png";
    byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
    ImageDecoder decoder = new ImageDecoder();
    Path file = Files.write(folder.resolve("a\u007f.png"), data);

    assertThatThrownBy(() -> decoder.decode(data, name))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a\\u001b[2J\\u009b31m\\u000a.png");
    assertThatThrownBy(() -> decoder.decode(file)).hasMessageContaining("a\\u007f.png");
    Files.delete(file);
    assertThatThrownBy(() -> decoder.decode(file)).hasMessageContaining("a\\u007f.png");
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> new ImageDecoder().decode(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline_1.jpg",
        "mode_RGB.png",
        "lossy_40.webp",
        "lossless_alpha.webp",
        "palette_16.gif",
        "palette_16.bmp"
      })
  void keepsThePixelLimit(String name) {
    byte[] data = Fixtures.resource("/images/made/" + name);
    ImageDecoder decoder = new ImageDecoder();
    assertThat(decoder.withMaxPixels(37 * 26).decode(data, name).width()).isEqualTo(37);
    assertThatThrownBy(() -> decoder.withMaxPixels(37 * 26 - 1).decode(data, name))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("37 x 26")
        .hasMessageContaining("limit");
  }

  @Test
  void framesWithinFramesMeanNothing() {
    int frames = 20_000;
    ByteBuffer file = ByteBuffer.allocate(12 + 24 * frames).order(ByteOrder.LITTLE_ENDIAN);
    ascii(file, "RIFF").putInt(file.capacity() - 8);
    ascii(file, "WEBP");
    while (file.hasRemaining()) {
      ascii(file, "ANMF").putInt(file.remaining() - 4);
      file.position(file.position() + 16);
    }
    assertThatThrownBy(() -> new ImageDecoder().decode(file.array(), "nested.webp"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nested.webp is broken: the file ends before the image does");
  }

  @Test
  void movesBeyondTheRowsEndGoNowhere() {
    int moves = 8_500_000;
    ByteBuffer file =
        ByteBuffer.allocate(14 + 40 + 4 + 4 * moves + 4).order(ByteOrder.LITTLE_ENDIAN);
    ascii(file, "BM").putInt(file.capacity()).putInt(0).putInt(0);
    file.putInt(40).putInt(1).putInt(1).putShort((short) 1).putShort((short) 8).putInt(1);
    file.putInt(0).putInt(0).putInt(0).putInt(1).putInt(0); // a palette of one colour
    file.putInt(0x102030);
    for (int i = 0; i < moves; i++) {
      file.put((byte) 0).put((byte) 2).put((byte) 255).put((byte) 0);
    }
    file.put((byte) 1).put((byte) 200).put((byte) 0).put((byte) 1);

    RgbImage image = new ImageDecoder().decode(file.array(), "moves.bmp");

    assertThat(image.pixel(0, 0)).isEqualTo(0x102030);
  }

  private static ByteBuffer ascii(ByteBuffer to, String text) {
    return to.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void keepsTheFileSizeLimit() throws IOException {
    byte[] data = Fixtures.resource("/images/made/grey.jpg");
    Path file = Files.write(folder.resolve("grey.jpg"), data);
    ImageDecoder decoder = new ImageDecoder();
    assertThat(decoder.withMaxFileBytes(data.length).decode(file).height()).isEqualTo(26);
    ImageDecoder strict = decoder.withMaxFileBytes(data.length - 1);
    assertThatThrownBy(() -> strict.decode(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("grey.jpg")
        .hasMessageContaining("limit");
    assertThatThrownBy(() -> strict.decode(data, "in memory"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("in memory");
    assertThatThrownBy(() -> decoder.withMaxPixels(0)).isInstanceOf(BadInputException.class);
  }
}
