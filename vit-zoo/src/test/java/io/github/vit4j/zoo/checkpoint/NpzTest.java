package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {

  private static final List<Long> SHAPE = List.of(2L, 3L, 4L);

  @TempDir Path directory;

  /** The same weights twice: by Flax in an npz file, and by PyTorch in safetensors. */
  @Test
  void agreesWithTheSameWeightsInSafetensors() {
    try (Checkpoint flax = Npz.open(Fixtures.file("flax.npz"));
        Checkpoint torch = SafeTensors.open(Fixtures.file("timm.safetensors"))) {
      assertThat(flax.tensors()).hasSize(40);
      assertThat(flax.floats("cls")).isEqualTo(torch.floats("cls_token"));
      assertThat(flax.floats("Transformer/posembed_input/pos_embedding"))
          .isEqualTo(torch.floats("pos_embed"));
      assertThat(flax.info("embedding/kernel").shape()).containsExactly(8L, 8L, 3L, 48L);
      float[] kernel = flax.floats("embedding/kernel");
      float[] weight = torch.floats("patch_embed.proj.weight");
      for (int out = 0; out < 48; out++) {
        for (int in = 0; in < 3; in++) {
          for (int pixel = 0; pixel < 64; pixel++) {
            assertThat(kernel[(pixel * 3 + in) * 48 + out])
                .isEqualTo(weight[(out * 3 + in) * 64 + pixel]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f2",
        "f4",
        "f8",
        "i1",
        "i2",
        "i4",
        "i8",
        "u1",
        "u2",
        "u4",
        "u8",
        "bf16",
        "big",
        "columns",
        "columns_half",
        "big8"
      })
  void readsEveryKindThatNumpyWrites(String name) {
    float[] counted = new float[24];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = i;
    }
    try (Checkpoint file = Npz.open(Fixtures.file("kinds.npz"))) {
      assertThat(file.info(name).shape()).isEqualTo(SHAPE);
      assertThat(file.floats(name)).containsExactly(counted);
      assertThat(file.bytes(name).isReadOnly()).isTrue();
    }
  }

  @Test
  void readsScalarsEmptyArraysBooleansAndNamesInUtf8() {
    try (Checkpoint file = Npz.open(Fixtures.file("kinds.npz"))) {
      assertThat(file.info("bf16").type()).isEqualTo(TensorType.BF16);
      assertThat(file.floats("scalar")).containsExactly(2.5f);
      assertThat(file.info("scalar").shape()).isEmpty();
      assertThat(file.floats("empty")).isEmpty();
      assertThat(file.floats("column_empty")).isEmpty();
      assertThat(file.longs("bool")).startsWith(1, 0, 1, 0).hasSize(24);
      assertThat(file.floats("dir/été")).containsExactly(1, 2);
      assertThat(file.metadata()).isEmpty();
    }
  }

  @Test
  void readsAllVersionsOfTheHeader() {
    try (Checkpoint file = Npz.open(Fixtures.file("versions.npz"))) {
      for (int version = 1; version <= 3; version++) {
        assertThat(file.floats("v" + version)).containsExactly(1, 2, version);
      }
    }
  }

  @Test
  void refusesPythonObjects() {
    assertThatThrownBy(() -> Npz.open(Fixtures.file("objects.npz")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'a.npy'")
        .hasMessageContaining("Python objects, which could run code");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; has a shape and type of 12",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }; is none",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}; is none",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}; is none",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}; is none",
        "{'descr': '<f4', 'fortran_order': False}; is none",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}; is none",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}, 1; is none",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}; is none",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}; is none",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}; is none",
        "{'descr': '<f4; is none",
        "x; is none",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}; NumPy type '<c8', not read",
        "{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}; NumPy type '<U2', not read",
        "{'descr': '<f4x', 'fortran_order': False, 'shape': (1,)}; NumPy type '<f4x'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}; structured array",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 99999999999)}; large",
      })
  void refusesHeadersThatLie(String header, String expected) throws IOException {
    Path file = zip("liar.npz", "a.npy", npy(header, new byte[8]));
    assertThatThrownBy(() -> Npz.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": entry 'a.npy' ")
        .hasMessageContaining(expected);
  }

  @Test
  void refusesWhatIsNoArray() throws IOException {
    assertRefused(zip("a.npz", "a.txt", new byte[8]), "'a.txt', which is no .npy array");
    assertRefused(zip("a.npz", "a.npy", new byte[20]), "is not a NumPy array");
    byte[] version = npy("{}", new byte[0]);
    version[6] = 9;
    assertRefused(zip("a.npz", "a.npy", version), "unknown .npy version 9");
    byte[] longer = npy("{}", new byte[0]);
    longer[8] = 100;
    assertRefused(zip("a.npz", "a.npy", longer), "ends within its .npy header");
  }

  /** NumPy's own reader once evaluated the header as Python. */
  @Test
  void codeInAHeaderIsText() throws IOException {
    for (String header :
        new String[] {
          "__import__('os').system('touch harmed')",
          "{'descr': __import__('os').system('touch harmed'), 'shape': (2,)}",
          "{'descr': '<f4', 'fortran_order': not exec('1'), 'shape': (2,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2**40,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (lambda: 2,)}",
          "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2,)}",
        }) {
      Path file = zip("code.npz", "a.npy", npy(header, new byte[8]));
      assertRefused(file, "has an .npy header that is none");
    }
    assertThat(Path.of("harmed")).doesNotExist();
    String objects = "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}";
    assertRefused(zip("o.npz", "a.npy", npy(objects, new byte[8])), "could run code when read");
  }

  @Test
  void refusesZipBombs() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (200000000,)}";
    Path file = directory.resolve("bomb.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(npy(header, new byte[0]));
      byte[] zeros = new byte[1_000_000];
      for (int i = 0; i < 200; i++) {
        zip.write(zeros);
      }
    }
    assertRefused(file, "as no weights do");
  }

  @Test
  void refusesEntriesThatClaimMoreThanTheyHold() throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,)}";
    byte[] array = npy(header, new byte[8]);
    Path file = zip("liar.npz", "a.npy", array);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer directoryEntry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (directoryEntry.getInt(at) != 0x02014b50) {
      at++;
    }
    directoryEntry.putInt(at + 24, array.length - 8 + 2_000_000_000);
    Files.write(file, bytes);
    assertRefused(file, "more than");
  }

  @Test
  void noticesDamageByItsChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.file("versions.npz"));
    int at = indexOf(bytes, new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, 0x40});
    bytes[at + 3] ^= 1;
    Path file = Files.write(directory.resolve("damaged.npz"), bytes);
    try (Checkpoint opened = Npz.open(file)) {
      assertThatThrownBy(() -> opened.floats("v1"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("damaged.npz: array 'v1' is damaged");
      assertThat(opened.floats("v2")).containsExactly(1, 2, 2);
    }
  }

  @Test
  void aClosedFileSaysSo() {
    Checkpoint file = Npz.open(Fixtures.file("versions.npz"));
    file.close();
    assertThatThrownBy(() -> file.floats("v1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has been closed");
  }

  @Test
  void aMutatedFileOpensOrIsRefused() throws IOException {
    byte[] stored = Files.readAllBytes(Fixtures.file("versions.npz"));
    Fuzz.mutate(stored, stored.length, directory, new Random(9), 300);
    byte[] deflated = Files.readAllBytes(Fixtures.file("kinds.npz"));
    Fuzz.mutate(deflated, deflated.length, directory, new Random(10), 200);
  }

  private static void assertRefused(Path file, String expected) {
    assertThatThrownBy(() -> Npz.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected);
  }

  private Path zip(String file, String entry, byte[] content) throws IOException {
    Path path = directory.resolve(file);
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return path;
  }

  private static byte[] npy(String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(10 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .put(data)
        .array();
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    int at = 0;
    while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
      at++;
    }
    return at;
  }
}
