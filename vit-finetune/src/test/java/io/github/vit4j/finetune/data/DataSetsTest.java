package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

  @TempDir Path folder;

  @Test
  void knowsCifarByItsClassNames() throws IOException {
    Path cifar = Files.createDirectories(folder.resolve("cifar-100-binary"));
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      names.append("class").append(i).append('\n');
    }
    Files.writeString(cifar.resolve("fine_label_names.txt"), names);
    byte[] records = new byte[2 * (2 + 3 * 1024)];
    records[1] = 5;
    Files.write(cifar.resolve("train.bin"), records);
    Files.write(cifar.resolve("test.bin"), records);
    for (Path path : new Path[] {cifar, folder}) {
      DataSplits found = DataSets.open(path);
      assertThat(found.train().classes()).hasSize(100);
      assertThat(found.train().label(0)).isEqualTo(5);
      assertThat(found.train().stamp(0)).isNotEqualTo(found.train().stamp(1));
    }
  }

  @Test
  void aFileOfAnImageChangesItsStamp() throws IOException {
    for (String name : new String[] {"a/1.png", "a/2.png", "b/1.png", "b/2.png"}) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), "not decoded");
    }
    DataSplits found = DataSets.open(folder);
    assertThat(found.train().classes()).containsExactly("a", "b");
    long before = found.train().cached(0).stamp(0);
    Files.writeString(Path.of(found.train().name(0)), "longer than it was");
    assertThat(found.train().stamp(0)).isNotEqualTo(before);
    Files.delete(Path.of(found.train().name(0)));
    assertThat(found.train().stamp(0)).isZero();
  }

  @Test
  void saysWhatCanBeOpened() throws IOException {
    assertThatThrownBy(() -> DataSets.open(folder.resolve("no")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    Path text = Files.writeString(folder.resolve("text.txt"), "text");
    assertThatThrownBy(() -> DataSets.open(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("text.txt");
  }
}
