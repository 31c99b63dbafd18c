package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.ZipWriter.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that lie about what is in them, and where. */
class HostileZipTest {

  private static final byte[] TWO_FLOATS = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
  private static final byte[] PICKLE =
      PickleWriter.protocol2().op("}").string("w").tensor().op("s").stop();

  @TempDir Path directory;

  private static Entry pickle() {
    return ZipWriter.stored("x/data.pkl", PICKLE);
  }

  private static Entry data() {
    return ZipWriter.stored("x/data/0", TWO_FLOATS);
  }

  private static ZipWriter zip(Entry... entries) {
    ZipWriter zip = new ZipWriter();
    for (Entry entry : entries) {
      zip.add(entry);
    }
    return zip;
  }

  private static Arguments refused(String words, byte[] archive) {
    return Arguments.of(words, archive);
  }

  static Stream<Arguments> archives() {
    byte[] zeros = new byte[60_000_000];
    byte[] good = zip(pickle(), data()).bytes();
    byte[] noEnd = good.clone();
    noEnd[good.length - 22] = 'X';
    byte[] damaged = good.clone();
    damaged[50]++;
    return Stream.of(
        refused("'x/data.pkl' twice", zip(pickle(), data(), pickle()).bytes()),
        refused("'x/data/0' twice", zip(pickle(), data(), data()).bytes()),
        refused("plain relative path", zip(pickle(), named("../x")).bytes()),
        refused("plain relative path", zip(pickle(), named("x/../../y")).bytes()),
        refused("plain relative path", zip(pickle(), named("/etc/x")).bytes()),
        refused("plain relative path", zip(pickle(), named("x\\y")).bytes()),
        refused("plain relative path", zip(pickle(), named("C:x")).bytes()),
        refused("plain relative path", zip(pickle(), named("x\0y")).bytes()),
        refused("plain relative path", zip(pickle(), named("")).bytes()),
        refused("checksum differs", damaged),
        refused("checksum differs", zip(pickle().lie(e -> e.crc++), data()).bytes()),
        refused(
            "another name in front",
            zip(pickle(), data())
                .list(data().lie(e -> e.name = "x/data/1").lie(e -> e.localName = e.name))
                .bytes()),
        refused("overlaps", overlapping()),
        refused(
            "another name in front", zip(pickle().lie(e -> e.localName = "x/data.pkx")).bytes()),
        refused("another name in front", zip(pickle().lie(e -> e.localName = "")).bytes()),
        refused(
            "longer than the archive",
            zip(
                    pickle(),
                    data()
                        .lie(
                            e -> {
                              e.size = 1 << 30;
                              e.packedSize = 1 << 30;
                            }))
                .bytes()),
        refused(
            "longer than the archive",
            zip(
                    pickle(),
                    data()
                        .lie(
                            e -> {
                              e.size = -2;
                              e.packedSize = -2;
                            }))
                .bytes()),
        refused("two different sizes", zip(pickle(), data().lie(e -> e.size = 1 << 30)).bytes()),
        refused("is encrypted", zip(pickle(), data().lie(e -> e.flags = 1)).bytes()),
        refused("by the method 12", zip(pickle(), data().lie(e -> e.method = 12)).bytes()),
        refused(
            "outside of the archive", zip(pickle(), data().lie(e -> e.header = 1 << 20)).bytes()),
        refused(
            "not where the directory says", zip(pickle(), data().lie(e -> e.header = -1)).bytes()),
        refused("lists fewer entries", zip(pickle(), data()).bytes(3, 0)),
        refused("lists more entries", zip(pickle(), data()).bytes(1, 0)),
        refused("not where it says", zip(pickle(), data()).bytes(2, 1000)),
        refused("directory is damaged", zip(pickle(), data()).bytes(2, -1)),
        refused("no directory at its end", noEnd),
        refused(
            "more than one data.pkl", zip(pickle(), ZipWriter.stored("data.pkl", PICKLE)).bytes()),
        refused("no data.pkl", zip(ZipWriter.stored("x/y/data.pkl", PICKLE)).bytes()),
        refused("which the file does not have", zip(pickle()).bytes()),
        refused(
            "of which the file has only 7",
            zip(pickle(), ZipWriter.stored("x/data/0", new byte[7])).bytes()),
        refused("would grow from", zip(ZipWriter.deflated("x/data.pkl", zeros)).bytes()),
        refused(
            "more than the 67108864",
            zip(pickle()
                    .lie(
                        e -> {
                          e.method = 8;
                          e.packed = new byte[1 << 20];
                          e.packedSize = 1 << 20;
                          e.size = 67_108_865;
                        }))
                .bytes()),
        refused(
            "packed bytes can hold",
            zip(pickle()
                    .lie(
                        e -> {
                          e.method = 8;
                          e.size = 1 << 30;
                        }))
                .bytes()),
        refused(
            "by views that repeat elements",
            zip(
                    ZipWriter.stored("x/data.pkl", endlessView()),
                    ZipWriter.deflated("x/data/0", TWO_FLOATS))
                .bytes()),
        refused("deflated data", zip(pickle(), ZipWriter.deflated("x/data/0", zeros)).bytes()),
        refused(
            "does not have the length",
            zip(ZipWriter.deflated("x/data.pkl", PICKLE).lie(e -> e.size++)).bytes()),
        refused(
            "does not have the length",
            zip(ZipWriter.deflated("x/data.pkl", PICKLE).lie(e -> e.size--)).bytes()),
        refused(
            "cannot be unpacked",
            zip(ZipWriter.deflated("x/data.pkl", PICKLE).lie(e -> e.packed[0] = -1)).bytes()),
        refused(
            "does not say which byte order",
            zip(pickle(), data(), ZipWriter.stored("x/byteorder", new byte[] {'?'})).bytes()));
  }

  /** Its bytes and those of its storage together are more than 64 bits can count. */
  private static byte[] endlessView() {
    PickleWriter pickle = PickleWriter.protocol2().op("}").string("w");
    return pickle.tensor(2, 0, new long[] {(1L << 61) - 1}, new long[] {0}).op("s").stop();
  }

  private static Entry named(String name) {
    return ZipWriter.stored(name, new byte[1]);
  }

  /** The second entry begins within the first, as in archives that grow without end. */
  private static byte[] overlapping() {
    Entry inner = data();
    byte[] whole = zip(inner).bytes();
    Entry outer = ZipWriter.stored("x/data.pkl", whole);
    Entry hidden = data().lie(e -> e.header = 30 + "x/data.pkl".length());
    return zip(outer).list(hidden).bytes();
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("archives")
  void isRefused(String words, byte[] archive) throws IOException {
    Path file = Files.write(directory.resolve("hostile.pth"), archive);
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(words);
  }

  @Test
  void theHonestTwinOpens() throws IOException {
    Path file = directory.resolve("good.pth");
    Files.write(file, zip(pickle(), data()).bytes());
    try (Checkpoint opened = Checkpoints.open(file)) {
      assertThat(opened.floats("w")).containsExactly(1, 2);
    }
    Files.write(
        file,
        zip(ZipWriter.deflated("x/data.pkl", PICKLE), ZipWriter.deflated("x/data/0", TWO_FLOATS))
            .bytes());
    try (Checkpoint opened = Checkpoints.open(file)) {
      assertThat(opened.floats("w")).containsExactly(1, 2);
    }
  }

  @Test
  void aDamagedDeflatedStorageIsNoticedWhenItIsRead() throws IOException {
    Path file = directory.resolve("damaged.pth");
    Files.write(
        file, zip(pickle(), ZipWriter.deflated("x/data/0", TWO_FLOATS).lie(e -> e.crc++)).bytes());
    try (Checkpoint opened = Checkpoints.open(file)) {
      assertThatThrownBy(() -> opened.floats("w"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("checksum differs");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deit.pth",
        "views.pth",
        "deit_legacy.pth",
        "module.pth",
        "zip64.pth",
        "deflated.pth"
      })
  void aMutatedFileOpensOrIsRefused(String name) throws IOException {
    byte[] seed = Files.readAllBytes(Fixtures.file("torch/" + name));
    Fuzz.mutate(seed, seed.length, directory, new Random(name.hashCode()), 300);
  }
}
