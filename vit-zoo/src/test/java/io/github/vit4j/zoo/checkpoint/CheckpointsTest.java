package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {

  @TempDir Path directory;

  @Test
  void goesByContentNotByName() throws IOException {
    Path one = directory.resolve("one.npz");
    Path other = directory.resolve("other.safetensors");
    Files.copy(Fixtures.file("timm.safetensors"), one);
    Files.copy(Fixtures.file("flax.npz"), other);
    try (Checkpoint a = Checkpoints.open(one);
        Checkpoint b = Checkpoints.open(other)) {
      assertThat(a.find("cls_token")).isPresent();
      assertThat(b.find("cls")).isPresent();
      assertThat(a.source()).isEqualTo(one);
    }
  }

  /** The header's length comes first, and its bytes are also those of a pickle. */
  @ParameterizedTest
  @ValueSource(ints = {128, 384, 640})
  void aSafetensorsFileMayBeginAsAPickleDoes(int headerLength) throws IOException {
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    ByteBuffer file =
        ByteBuffer.allocate(8 + headerLength + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(headerLength);
    file.put(header.getBytes(StandardCharsets.US_ASCII));
    while (file.position() < 8 + headerLength) {
      file.put((byte) ' ');
    }
    file.putFloat(1.5f);
    Path path = Files.write(directory.resolve("head.safetensors"), file.array());
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      assertThat(checkpoint.floats("w")).containsExactly(1.5f);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "version https://git-lfs.github.com/spec/v1; is a Git LFS pointer",
        "<!DOCTYPE html><html>; is a web page",
        "\u0080\u0002}.; is a Python pickle",
        "\u0080\u0002}q; is not a file of torch.save",
        "\u0093NUMPY\u0001; is a single NumPy array",
        "\u0089HDF\r; is an HDF5 file",
        "GGUF; is a GGUF file",
        "{\"metadata\": {}}; is JSON",
        "hello, world; begins with the bytes 68 65 6c 6c 6f",
        "x; begins with the bytes 78",
      })
  void saysWhatElseItIs(String content, String expected) throws IOException {
    Path file = directory.resolve("model.safetensors");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file, expected);
  }

  @Test
  void refusesWhatIsNoFile() throws IOException {
    assertRefused(directory, "is a directory");
    assertRefused(directory.resolve("nothing"), "does not exist");
    assertRefused(Files.createFile(directory.resolve("empty")), "is empty");
  }

  @Test
  void refusesTheTarFilesOfTheFirstPyTorch() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("sys_info".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 8);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused(Files.write(directory.resolve("old.pth"), tar), "is a tar archive");
  }

  @Test
  void refusesFilesCutShort() throws IOException {
    for (String name : new String[] {"timm.safetensors", "flax.npz"}) {
      byte[] whole = Files.readAllBytes(Fixtures.file(name));
      for (int length : new int[] {9, 100, 2000, 2976, 5000, whole.length / 2, whole.length - 1}) {
        Path file = Files.write(directory.resolve(name), Arrays.copyOf(whole, length));
        assertRefused(file, "fetch it again");
      }
    }
  }

  private static void assertRefused(Path file, String expected) {
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected);
  }
}
