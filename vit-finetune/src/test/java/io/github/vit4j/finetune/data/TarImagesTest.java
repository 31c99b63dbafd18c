package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
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
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
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
}
