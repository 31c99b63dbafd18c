package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class TarImagesTest {

  @TempDir Path root;

  private Path tar(String name, String... entries) throws IOException {
    byte[] picture = Files.readAllBytes(Pictures.write(root.resolve("picture.png")));
    Path file = root.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream packed = name.endsWith("gz") ? new GZIPOutputStream(out) : out;
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8")) {
      for (String entry : entries) {
        TarArchiveEntry header = new TarArchiveEntry(entry);
        header.setSize(picture.length);
        tar.putArchiveEntry(header);
        tar.write(picture);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private static List<String> names(ImageDataset images) {
    return IntStream.range(0, images.size())
        .mapToObj(i -> images.name(i).replaceFirst(" in .*", ""))
        .toList();
  }

  /** The archive with one more entry, which has no bytes. */
  private Path withLink(Path file, String name, String target, byte kind) throws IOException {
    Path linked = root.resolve("linked.tar");
    try (TarArchiveInputStream from = new TarArchiveInputStream(Files.newInputStream(file));
        TarArchiveOutputStream to = new TarArchiveOutputStream(Files.newOutputStream(linked))) {
      TarArchiveEntry entry = from.getNextEntry();
      for (; entry != null; entry = from.getNextEntry()) {
        to.putArchiveEntry(entry);
        from.transferTo(to);
        to.closeArchiveEntry();
      }
      TarArchiveEntry link = new TarArchiveEntry(name, kind);
      link.setLinkName(target);
      to.putArchiveEntry(link);
      to.closeArchiveEntry();
    }
    return linked;
  }

  @Test
  void readsSplitsAndClasses() throws IOException {
    for (String name : new String[] {"set.tar", "set.tgz"}) {
      Path file =
          tar(
              name,
              "set/train/dog/1.png",
              "set/train/cat/2.png",
              "set/train/cat/readme.txt",
              "set/val/dog/3.png");

      DataSplits data = TarImages.of(file);

      assertThat(data.train().classes()).containsExactly("cat", "dog");
      assertThat(data.train().size()).isEqualTo(2);
      assertThat(data.train().label(0)).isEqualTo(1);
      assertThat(data.validation().name(0)).startsWith("set/val/dog/3.png in ").endsWith(name);
      assertThat(data.validation().image(0).pixel(2, 1)).isEqualTo(0x102030);
    }
  }

  @Test
  void refusesWhatCannotBeUsed() throws IOException {
    Path noSplit = tar("flat.tar", "cat/1.png", "dog/2.png");
    assertThatThrownBy(() -> TarImages.of(noSplit))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no images under train or training/CLASS/");
    Path unknown = tar("unknown.tar", "train/a/1.png", "train/b/1.png", "val/c/2.png");
    assertThatThrownBy(() -> TarImages.of(unknown))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'c'");
    Path single = tar("single.tar", "train/a/1.png", "val/a/2.png");
    assertThatThrownBy(() -> TarImages.of(single))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one class only");
    Path large = tar("large.tar", "train/a/1.png", "train/b/2.png", "val/a/3.png");
    assertThatThrownBy(() -> TarImages.of(large, 150))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("unpack it");
    Path broken = root.resolve("broken.tar");
    byte[] half = Files.readAllBytes(large);
    Files.write(broken, Arrays.copyOf(half, 520));
    assertThatThrownBy(() -> TarImages.of(broken)).isInstanceOf(BadInputException.class);
    Files.writeString(root.resolve("text.tar.gz"), "not gzip at all");
    assertThatThrownBy(() -> TarImages.of(root.resolve("text.tar.gz")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("text.tar.gz");
    assertThatThrownBy(() -> TarImages.of(root.resolve("none.tar")))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void findsWhatTheFoldersWouldHave() throws IOException {
    Path file =
        tar(
            "folders.tar",
            "./train/cat/1.png",
            "./train/cat/deeper/2.png",
            "./train/dog/3.png",
            "./train/.cache/4.png",
            "./train/dog/.cache/5.png",
            "./val/cat/6.png",
            "./train/cat/1.png");

    DataSplits data = TarImages.of(file);

    assertThat(data.train().classes()).containsExactly("cat", "dog");
    assertThat(names(data.train()))
        .containsExactly("./train/cat/1.png", "./train/cat/deeper/2.png", "./train/dog/3.png");
    assertThat(data.train().label(1)).isZero();
  }

  @Test
  void aSecondNameIsAnotherImageWithTheSameBytes() throws IOException {
    Path file = tar("links.tar", "train/a/1.png", "train/b/2.png", "val/a/3.png");
    Path linked = withLink(file, "train/b/4.png", "train/a/1.png", TarConstants.LF_LINK);

    ImageDataset train = TarImages.of(linked).train();

    assertThat(train.size()).isEqualTo(3);
    assertThat(train.label(2)).isEqualTo(1);
    assertThat(train.image(2).pixel(2, 1)).isEqualTo(0x102030);
  }

  @Test
  void linksThatLeadNowhereAreRefused() throws IOException {
    Path file = tar("links.tar", "train/a/1.png", "train/b/2.png", "val/a/3.png");
    Path symbolic = withLink(file, "train/b/4.png", "../a/1.png", TarConstants.LF_SYMLINK);

    assertThatThrownBy(() -> TarImages.of(symbolic))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("train/b/4.png")
        .hasMessageContaining("--dereference");
  }

  @Test
  void namesAreUnicodeWhateverThePlatformIs() throws IOException, InterruptedException {
    Path file = tar("names.tar", "train/\u00e4/\u00f6.png", "train/b/2.png", "val/b/3.png");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dfile.encoding=US-ASCII",
            "-cp",
            System.getProperty("java.class.path"),
            Classes.class.getName(),
            file.toString());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("[98, 228]");
  }

  /** Says the first characters of the classes as numbers. */
  static final class Classes {

    private Classes() {}

    public static void main(String[] args) {
      List<String> classes = TarImages.of(Path.of(args[0])).train().classes();
      System.out.println(classes.stream().map(name -> (int) name.charAt(0)).toList());
    }
  }
}
