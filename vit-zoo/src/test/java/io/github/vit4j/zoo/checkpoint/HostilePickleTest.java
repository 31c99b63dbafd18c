package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles made to do harm: nothing runs, nothing is written, one message says what it is. */
class HostilePickleTest {

  private static final byte[] TWO_FLOATS = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};

  @TempDir Path directory;

  private Path file(byte[] pickle) throws IOException {
    return Files.write(directory.resolve("hostile.pth"), ZipWriter.torch(pickle, TWO_FLOATS));
  }

  private static PickleWriter pickle() {
    return PickleWriter.protocol2();
  }

  private static Arguments refused(String words, PickleWriter pickle) {
    return Arguments.of(words, pickle.stop());
  }

  static Stream<Arguments> pickles() {
    long[] two = {2};
    long[] one = {1};
    return Stream.of(
        // code
        refused("is an object of 'os.system'", call("os", "system", "touch harmed")),
        refused("is an object of 'posix.system'", call("posix", "system", "touch harmed")),
        refused("is an object of 'builtins.eval'", call("builtins", "eval", "1")),
        refused("is an object of 'builtins.getattr'", getattrChain()),
        refused(
            "is an object of 'subprocess.Popen'",
            pickle().op("(S'touch harmed'\nisubprocess\nPopen\n")),
        refused(
            "is an object of 'os.system'", pickle().op("(").global("os", "system").op("S'x'\no")),
        refused(
            "is an object of 'runpy._run_code'",
            pickle().global("runpy", "_run_code").op(")").raw(0x81)),
        refused("is an object of 'a.B'", pickle().global("a", "B").op(")}").raw(0x92)),
        refused(
            "is an object of 'os.system'",
            pickle()
                .raw(0x8c, 2)
                .op("os")
                .raw(0x8c, 6)
                .op("system")
                .raw(0x93)
                .op("S'x'\n")
                .raw(0x85)
                .op("R")),
        refused("is an object of 'a.B'", pickle().global("a", "B").op(")R}b")),
        refused(
            "entry 'b' among the tensors would have to be made by 'os.system'",
            pickle()
                .op("}")
                .string("a")
                .tensor()
                .op("s")
                .string("b")
                .global("os", "system")
                .op("S'x'\n")
                .raw(0x85)
                .op("Rs")),
        refused(
            "'model' is 'os.system'",
            pickle()
                .op("}")
                .string("model")
                .global("os", "system")
                .op("S'x'\n")
                .raw(0x85)
                .op("Rs")),
        refused(
            "unknown class 'os.system'",
            pickle()
                .op("(")
                .string("storage")
                .global("os", "system")
                .string("0")
                .string("cpu")
                .number(2)
                .op("tQ")),
        refused(
            "what is not a storage",
            pickle()
                .global("torch._utils", "_rebuild_tensor_v2")
                .op("(")
                .global("os", "system")
                .op("S'x'\n")
                .raw(0x85)
                .op("R")
                .number(0)
                .tuple(2)
                .tuple(1)
                .raw(0x89)
                .op("NtR")),
        refused("calls what is not a function", pickle().op("S'x'\n)R")),
        refused("calls what is not a function", pickle().op("})R")),
        refused(
            "not a list of arguments", pickle().global("collections", "OrderedDict").op("S'x'\nR")),
        refused(
            "not pairs",
            pickle().global("collections", "OrderedDict").op("]S'x'\na").raw(0x85).op("R")),
        refused("gives attributes to", pickle().op("S'x'\n}b")),
        // stack and memo
        refused("takes a value where there is none", pickle().op("0")),
        refused("looks at a value where there is none", pickle().op("2")),
        refused("closes a mark where there is none", pickle().op("1")),
        refused("closes a mark where there is none", pickle().op("u")),
        refused("takes a value where there is none", pickle().op("](a")),
        refused("takes a value where there is none", pickle().op("]((0a")),
        refused("stops at byte", pickle().op("NN")),
        refused("stops at byte", pickle().op("(N")),
        refused("refers to the memo 7, which was never set", pickle().op("h").raw(7)),
        refused("refers to the memo 4294967295", pickle().op("j").int32(-1)),
        refused("numbers a memo -1", pickle().op("Np-1\n")),
        refused("numbers a memo 99999999999999999999", pickle().op("Np99999999999999999999\n")),
        refused("numbers a memo", pickle().op("g99999999999999999999\n")),
        refused("appends to what is not a list", pickle().op("}Na")),
        refused("sets an entry of what is not a dictionary", pickle().op("]NNs")),
        refused("key without a value", pickle().op("}(Nu")),
        refused("is a list", pickle().op("](N}e")),
        // lengths
        refused("claims 4294967295 bytes", pickle().op("X").int32(-1)),
        refused("claims 2147483647 bytes", pickle().op("B").int32(Integer.MAX_VALUE)),
        refused("claims 9223372036854775808 bytes", pickle().raw(0x8d).int64(Long.MIN_VALUE)),
        refused("claims 9223372036854775807 bytes", pickle().raw(0x8e).int64(Long.MAX_VALUE)),
        refused("claims 18446744073709551615 bytes", pickle().raw(0x96).int64(-1)),
        refused("claims 9223372036854775807 bytes", pickle().raw(0x95).int64(Long.MAX_VALUE)),
        refused("claims 18446744073709551615 bytes", pickle().raw(0x8b).int32(-1)),
        refused("claims 2147483647 bytes", pickle().raw(0x8b).int32(Integer.MAX_VALUE)),
        refused("an integer of 65536 bytes", pickle().raw(0x8b).int32(65536).repeat("z", 65536)),
        refused("claims 255 bytes", pickle().raw(0x8c, 255)),
        refused("where a number must be", pickle().op("L" + "9".repeat(2000) + "\n")),
        refused("where a number must be", pickle().op("Fabc\n")),
        refused("where a number must be", pickle().op("Ix\n")),
        refused("ends within a line", pickle().op("cos")),
        refused("within an instruction", pickle().op("J")),
        refused("a string that is none", pickle().op("S'\\q'\n")),
        refused("a string that is none", pickle().op("S'x\n")),
        refused("a string that is none", pickle().op("V\\U00110000\n")),
        refused("a string that is none", pickle().op("V\\uD8\n")),
        // what is not read
        refused("uses EXT1", pickle().raw(0x82, 1)),
        refused("uses EXT4", pickle().raw(0x84).int32(1)),
        refused("uses PERSID", pickle().op("Pid\n")),
        refused("uses NEXT_BUFFER", pickle().raw(0x97)),
        refused("unknown pickle protocol 6", new PickleWriter().raw(0x80, 6)),
        refused("unknown instruction 0x7f", pickle().raw(0x7f)),
        refused("nests deeper", pickle().repeat("(", 100_000)),
        refused("more than 4194304 values", pickle().repeat("N", (1 << 22) + 1)),
        refused("more than 4194304 values", pickle().op("]").repeat("2", (1 << 22) + 1)),
        refused("more than 4194304 values", pickle().op("N").repeat("q\0", (1 << 22) + 1)),
        // persistent ids
        refused("persistent id that is not", pickle().op("NQ")),
        refused("persistent id that is not", pickle().tuple(1, 2).op("Q")),
        refused("a storage of -1 elements", pickle().storage(-1)),
        refused("a storage of 9223372036854775807", pickle().storage(Long.MAX_VALUE)),
        refused(
            "with two different lengths",
            pickle().op("}").string("a").storage(2).op("s").string("b").storage(3).op("s")),
        // tensors
        refused("'w' reaches to byte 12 of a storage", one(2, 0, new long[] {3}, one)),
        refused("reaches to byte 12", one(2, 1, two, one)),
        refused("of 12 bytes, of which the file has only 8", one(3, 0, two, one)),
        refused("of 16000000000 bytes, of which", one(4_000_000_000L, 0, two, one)),
        refused("a negative number in its shape [-2]", one(2, 0, new long[] {-2}, one)),
        refused("a negative number", one(2, 1, two, new long[] {-1})),
        refused("the offset -1", one(2, -1, two, one)),
        refused("the strides [1, 1]", one(2, 0, two, new long[] {1, 1})),
        refused("impossibly large", one(2, 0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0})),
        refused("impossibly large", one(2, 0, two, new long[] {Long.MAX_VALUE / 2 + 1})),
        refused("impossibly large", one(2, Long.MAX_VALUE, one, one)),
        refused(
            "by views that repeat elements",
            one(2, 0, new long[] {1L << 20, 1L << 20}, new long[] {0, 0})),
        refused(
            "by views that repeat elements",
            one(2, 0, new long[] {1L << 22, 1}, new long[] {0, 0})
                .string("v")
                .tensor(2, 0, new long[] {1L << 22}, new long[] {0})
                .op("s")),
        refused("more than 4194304 values", sharedShapes(33_000)),
        refused("65 dimensions; 64 is the most", one(2, 0, new long[65], new long[65])),
        refused(
            "not a 64-bit number",
            pickle()
                .global("torch._utils", "_rebuild_tensor_v2")
                .op("(")
                .storage(2)
                .op("S'0'\n")
                .tuple(2)
                .tuple(1)
                .op("tR")),
        refused(
            "makes a tensor of 1 arguments",
            pickle().global("torch._utils", "_rebuild_tensor_v2").op("(").storage(2).op("tR")),
        refused("is a list", pickle().tuple(1, 2)),
        refused("is a single value", pickle().op("N")));
  }

  private static PickleWriter call(String module, String name, String argument) {
    return pickle().global(module, name).string(argument).raw(0x85).op("R");
  }

  /** getattr(getattr(__import__('os'), 'system'), '__call__')('x') */
  private static PickleWriter getattrChain() {
    return pickle()
        .global("builtins", "getattr")
        .global("builtins", "getattr")
        .global("builtins", "__import__")
        .string("os")
        .raw(0x85)
        .op("R")
        .string("system")
        .raw(0x86)
        .op("R")
        .string("__call__")
        .raw(0x86)
        .op("R")
        .string("touch harmed")
        .raw(0x85)
        .op("R");
  }

  /** Tensors that all take their shape and strides, 64 numbers each, from the memo. */
  private static PickleWriter sharedShapes(int tensors) {
    PickleWriter pickle = pickle().op("]");
    pickle.storage(2).op("q\0000").number(0).op("q\0010").tuple(new long[64]).op("q\0020");
    return pickle
        .global("torch._utils", "_rebuild_tensor_v2")
        .op("q\0030")
        .repeat("h\3(h\0h\1h\2h\2tRa", tensors);
  }

  private static PickleWriter one(long count, long offset, long[] shape, long[] strides) {
    return pickle().op("}").string("w").tensor(count, offset, shape, strides).op("s");
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("pickles")
  void isRefused(String words, byte[] pickle) throws IOException {
    Path file = file(pickle);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(words);
    assertThat(Path.of("harmed")).doesNotExist();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void theHonestTwinOpens() throws IOException {
    PickleWriter good =
        one(2, 1, new long[] {1, 5}, new long[] {7, 0})
            .string("t")
            .tensor()
            .op("s")
            .string("epoch")
            .op("I01\ns");
    try (Checkpoint file = Checkpoints.open(file(good.stop()))) {
      assertThat(file.floats("w")).containsExactly(2, 2, 2, 2, 2);
      assertThat(file.floats("t")).containsExactly(1, 2);
      assertThat(file.metadata()).containsEntry("epoch", "true");
    }
  }

  /** Deep values are no harm where they are not walked: this must neither fail nor overflow. */
  @ParameterizedTest
  @ValueSource(strings = {"tuples", "lists", "dictionaries", "calls"})
  void whatNestsWithoutEndBesideTheTensorsIsSkipped(String kind) throws IOException {
    int depth = 100_000;
    PickleWriter pickle = pickle().op("}").string("w").tensor().op("s").string("deep");
    switch (kind) {
      case "tuples" -> pickle.op("N").repeat("\u0085", depth);
      case "lists" -> pickle.repeat("]", depth).repeat("a", depth - 1);
      case "dictionaries" -> {
        for (int i = 0; i < depth; i++) {
          pickle.op("}").string("model");
        }
        pickle.op("N").repeat("s", depth);
      }
      default -> pickle.op("]").repeat("ca\nb\n", depth).op("N").repeat("\u0085R", depth).op("a");
    }
    try (Checkpoint file = Checkpoints.open(file(pickle.op("s").stop()))) {
      assertThat(file.floats("w")).containsExactly(1, 2);
    }
  }

  @Test
  void whatContainsItselfHasAnEnd() throws IOException {
    // d = {'w': tensor, 'model': d, 'mine': d}
    PickleWriter pickle = pickle().op("}q\1").string("w").tensor().op("s");
    pickle.string("model").op("h\1s").string("mine").op("h\1s");
    try (TorchFile file = TorchFile.open(file(pickle.stop()))) {
      assertThat(file.selected()).isEqualTo("model/model/model/model");
      assertThat(file.selectable()).isNotEmpty();
      assertThat(file.floats("w")).containsExactly(1, 2);
    }
  }

  @Test
  void modulesThatContainThemselvesAreRefused() throws IOException {
    // m = Module(); m.__dict__ = {'_parameters': {}, '_modules': {'a': m, 'b': m}}
    PickleWriter pickle = pickle().global("my", "Module").op(")").raw(0x81).op("q\1}");
    pickle.string("_parameters").op("}s").string("_modules").op("}").string("a").op("h\1s");
    pickle.string("b").op("h\1ssb");
    assertThatThrownBy(() -> Checkpoints.open(file(pickle.stop())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("too large to be one");
  }

  @Test
  void everyPrefixOfAFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("torch/deit_legacy.pth"));
    for (int length = 1; length < whole.length; length += 7) {
      Path file = Files.write(directory.resolve("cut.pth"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Checkpoints.open(file)).isInstanceOf(BadInputException.class);
    }
  }
}
