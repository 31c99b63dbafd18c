package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class LabelledFilesTest {

  @TempDir Path root;

  private Path touch(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  @Test
  void classFoldersGiveLabelsInSortedOrder() throws IOException {
    Path dog = touch("dog/b.PNG");
    Path cat2 = touch("cat/images/2.jpeg");
    Path cat1 = touch("cat/1.webp");
    touch("cat/.hidden.jpg");
    touch("cat/.cache/3.jpg");
    touch(".git/4.jpg");
    touch("cat/notes.txt");
    touch("loose.jpg");
    Files.createDirectories(root.resolve("empty"));

    assertThat(LabelledFiles.ofClassFolders(root).files())
        .containsExactly(
            new LabelledFile(cat1, "cat"),
            new LabelledFile(cat2, "cat"),
            new LabelledFile(dog, "dog"));
    assertThat(LabelledFiles.ofClassFolders(root).first(2).size()).isEqualTo(2);
    assertThat(LabelledFiles.ofClassFolders(root).first(9).size()).isEqualTo(3);
  }

  @Test
  void listsKeepTheirOrderAndMayHaveMoreColumns() throws IOException {
    Path a = touch("a.jpg");
    Path b = touch("in/b.jpg");
    Path list = Files.writeString(root.resolve("list.txt"), "in/b.jpg\tn02\t0\t9\n\na.jpg\tn01\n");

    assertThat(LabelledFiles.ofList(root, list).files())
        .containsExactly(new LabelledFile(b, "n02"), new LabelledFile(a, "n01"));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    touch("a.jpg");
    assertRefused("has no class folders", () -> LabelledFiles.ofClassFolders(root));
    Files.createDirectories(root.resolve("cat"));
    assertRefused("1 class folders", () -> LabelledFiles.ofClassFolders(root));
    assertRefused("does not exist", () -> LabelledFiles.ofClassFolders(root.resolve("no")));
    assertRefused("is a file", () -> LabelledFiles.ofClassFolders(root.resolve("a.jpg")));
    assertRefused("does not exist", () -> LabelledFiles.ofList(root, root.resolve("no.txt")));
    assertRefused("is not UTF-8", () -> list(new byte[] {(byte) 0xff, (byte) 0xfe, 0}));
    assertRefused("line 2", () -> list("a.jpg\tcat\nb.jpg\n".getBytes("UTF-8")));
    assertRefused("line 1", () -> list("a\0b.jpg\tcat\n".getBytes("UTF-8")));
    assertRefused("names no images", () -> list(new byte[] {'\n'}));
    assertRefused("1 of the 2", () -> list("a.jpg\tcat\nb.jpg\tcat\n".getBytes("UTF-8")));
    assertRefused("no images in it", () -> ImageFiles.in(root.resolve("cat")));
    assertRefused("at least one", () -> new LabelledFiles(List.of()));
  }

  private LabelledFiles list(byte[] content) throws IOException {
    return LabelledFiles.ofList(root, Files.write(root.resolve("list.txt"), content));
  }

  private static void assertRefused(
      String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(BadInputException.class).hasMessageContaining(words);
  }
}
