package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that break one rule of the format each. */
class SafeTensorsLiesTest {

  private static final String GOOD = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

  @TempDir Path directory;

  /** Headers (with ' for ") before eight bytes of data, and what must be said about them. */
  static Stream<Arguments> lyingHeaders() {
    return Stream.of(
        Arguments.of("", "does not begin with '{'"),
        Arguments.of(" {" + GOOD + "}", "does not begin with '{'"),
        Arguments.of("[1]", "does not begin with '{'"),
        Arguments.of("{" + GOOD, "ends too early"),
        Arguments.of("{" + GOOD.replace("}", ""), "does not end with '}'"),
        Arguments.of("{" + GOOD + "}\n", "does not end with '}'"),
        Arguments.of("{" + GOOD + "}\0", "does not end with '}'"),
        Arguments.of("{" + GOOD + "}{}", "not valid JSON"),
        Arguments.of("{" + GOOD.replace(":[0,8]}", "}"), "not valid JSON"),
        Arguments.of("{a:1}", "not valid JSON"),
        Arguments.of("{/*x*/" + GOOD + "}", "not valid JSON"),
        Arguments.of("{" + GOOD + ",}", "not valid JSON"),
        Arguments.of("{" + GOOD + ";}", "not valid JSON"),
        Arguments.of("{" + GOOD + "," + GOOD + "}", "key 'a' twice"),
        Arguments.of("{" + GOOD + "," + GOOD.replace("'a'", "'\\u0061'") + "}", "key 'a' twice"),
        Arguments.of("{'a':1}", "tensor 'a' must be an object but is a number"),
        Arguments.of("{'a':null}", "tensor 'a' must be an object but is null"),
        Arguments.of("{'a':[]}", "tensor 'a' must be an object but is a list"),
        Arguments.of("{'a':{}}", "tensor 'a' has no dtype"),
        Arguments.of("{" + GOOD.replace("'dtype':'F32',", "") + "}", "has no dtype"),
        Arguments.of("{" + GOOD.replace("'shape':[2],", "") + "}", "has no shape"),
        Arguments.of("{" + GOOD.replace(",'data_offsets':[0,8]", "") + "}", "no data_offsets"),
        Arguments.of("{" + GOOD.replace("]}", "],'x':1}") + "}", "unknown key 'x'"),
        Arguments.of("{" + GOOD.replace("'F32'", "32") + "}", "dtype of tensor 'a' must be a"),
        Arguments.of("{" + GOOD.replace("F32", "F7") + "}", "unknown dtype 'F7'"),
        Arguments.of("{" + GOOD.replace("F32", "f32") + "}", "dtypes in capitals"),
        Arguments.of("{" + GOOD.replace("F32", "F4") + "}", "F4, a 4-bit float, which is not"),
        Arguments.of("{" + GOOD.replace("F32", "C64") + "}", "C64, a complex number"),
        Arguments.of("{" + GOOD.replace("[2]", "[-2]") + "}", "negative size in its shape [-2]"),
        Arguments.of("{" + GOOD.replace("[2]", "[2.0]") + "}", "'2.0'; only whole numbers"),
        Arguments.of("{" + GOOD.replace("[2]", "[2e0]") + "}", "'2e0'; only whole numbers"),
        Arguments.of("{" + GOOD.replace("[2]", "['2']") + "}", "must be a number but is a string"),
        Arguments.of("{" + GOOD.replace("[2]", "2") + "}", "must be a list but is a number"),
        Arguments.of("{" + GOOD.replace("[2]", "[02]") + "}", "not valid JSON"),
        Arguments.of("{" + GOOD.replace("[2]", "[3]") + "}", "needs 12 bytes, but its offsets"),
        Arguments.of("{" + GOOD.replace("[2]", "[]") + "}", "needs 4 bytes, but its offsets"),
        Arguments.of("{" + GOOD.replace("[2]", "[18446744073709551618]") + "}", "63 bits"),
        Arguments.of(
            "{" + GOOD.replace("[2]", "[4294967296,4294967296,2]") + "}", "impossibly large"),
        Arguments.of(
            "{" + GOOD.replace("[2]", "[9223372036854775807,0]") + "}", "impossibly large"),
        Arguments.of("{" + GOOD.replace("[2]", "[" + "1,".repeat(64) + "2]") + "}", "more than 64"),
        Arguments.of("{" + GOOD.replace("[0,8]", "[0]") + "}", "must be a begin and an end"),
        Arguments.of("{" + GOOD.replace("[0,8]", "[0,8,8]") + "}", "more than 2 numbers"),
        Arguments.of("{" + GOOD.replace("[0,8]", "[-8,0]") + "}", "must be a begin and an end"),
        Arguments.of("{" + GOOD.replace("[0,8]", "[8,0]") + "}", "ends at byte 0, before it"),
        Arguments.of("{" + GOOD.replace("[0,8]", "[1,9]") + "}", "no tensor claims the bytes 0"),
        Arguments.of("{" + GOOD.replace("[2]", "[9]").replace("8", "36") + "}", "only 8 follow it"),
        Arguments.of(
            "{" + GOOD.replace("[2]", "[1]").replace("8", "4") + "}", "4 bytes at the end"),
        Arguments.of("{}", "8 bytes at the end belong to no tensor"),
        Arguments.of(
            "{" + GOOD + "," + GOOD.replace("'a'", "'b'") + "}", "overlaps the tensor before it"),
        Arguments.of(
            "{" + GOOD + "," + GOOD.replace("'a'", "'b'").replace("[0,8]", "[4,12]") + "}",
            "'b' begins at byte 4 and overlaps"),
        Arguments.of("{'__metadata__':1," + GOOD + "}", "__metadata__ must be an object"),
        Arguments.of("{'__metadata__':{'k':1}," + GOOD + "}", "value of 'k' must be a string"),
        Arguments.of("{'__metadata__':{'k':{}}," + GOOD + "}", "value of 'k' must be a string"),
        Arguments.of("{'__metadata__':{'k':'','k':''}," + GOOD + "}", "key 'k' twice"),
        Arguments.of("{'__metadata__':{},'__metadata__':{}," + GOOD + "}", "twice"),
        Arguments.of("{'\\ud800':1}", "half a surrogate pair"),
        Arguments.of("{'\\u001b[31m\\u202e':1}", "'\\u001b[31m\\u202e' must be an object"),
        Arguments.of("{'" + "n".repeat(5000) + "':1}", "n...' must be an object"),
        Arguments.of("{'a':" + "[".repeat(200_000) + "}", "must be an object but is a list"),
        Arguments.of("{'a':" + "{'dtype':".repeat(100_000) + "}", "must be a string but is"));
  }

  @ParameterizedTest
  @MethodSource("lyingHeaders")
  void aLyingHeaderIsNamed(String header, String expected) throws IOException {
    Path file = directory.resolve("liar.safetensors");
    Files.write(file, Fixtures.safetensors(header.replace('\'', '"'), new byte[8]));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected);
  }

  @Test
  void theHonestTwinOpens() throws IOException {
    Path file = directory.resolve("honest.safetensors");
    String odd = "'\\u001b[31m/ \\ud83e\\udd86'";
    String header =
        "{ 'a/é':{'shape':[2],'data_offsets':[0,8],'dtype':'F32'}, '__metadata__':{},"
            + odd
            + ":{'dtype':'I64','shape':[0],'data_offsets':[8,8]}}   ";
    Files.write(file, Fixtures.safetensors(header.replace('\'', '"'), new byte[8]));
    try (Checkpoint opened = SafeTensors.open(file)) {
      assertThat(opened.tensors().stream().map(TensorInfo::name))
          .containsExactly("a/é", "\u001b[31m/ \ud83e\udd86");
    }
    Files.write(file, Fixtures.safetensors("{}", new byte[0]));
    try (Checkpoint opened = SafeTensors.open(file)) {
      assertThat(opened.tensors()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7, 0, has only 7 bytes",
    "16, 9, claims a header of 9 bytes but has only 8 left",
    "16, 100000000, claims a header of 100000000 bytes but has only 8 left",
    "16, 100000001, safetensors allows 100000000",
    "16, -1, claims a header of 18446744073709551615 bytes",
    "16, 9223372036854775800, safetensors allows",
  })
  void theHeaderLengthIsCheckedFirst(int length, long claimed, String expected) throws IOException {
    byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed).array();
    bytes[8] = '{';
    Path file = directory.resolve("length.safetensors");
    Files.write(file, Arrays.copyOf(bytes, length));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws IOException {
    byte[] bytes = Fixtures.safetensors("{\"a\":{}}", new byte[0]);
    bytes[10] = (byte) 0xFF;
    Path file = directory.resolve("latin.safetensors");
    Files.write(file, bytes);
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void aMutatedFileOpensOrIsRefused() throws IOException {
    Path file = directory.resolve("seed.safetensors");
    SafeTensors.write(
        file,
        Map.of("format", "pt"),
        List.of(
            TensorSource.of("blocks.0.attn.qkv.weight", List.of(3L, 2L), new float[6]),
            TensorSource.of("head.bias", List.of(4L), new float[4])));
    byte[] seed = Files.readAllBytes(file);
    Fuzz.mutate(seed, seed.length, directory, new Random(7), 400);
  }

  @Test
  void aRealHeaderMutatedOpensOrIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("timm.safetensors"));
    Fuzz.mutate(whole, 8 + 2968, directory, new Random(8), 200);
  }
}
