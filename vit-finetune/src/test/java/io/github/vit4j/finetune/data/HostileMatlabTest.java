package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class HostileMatlabTest {

  @TempDir Path root;

  @Test
  void readsRealFilesAndSaysWhatTheyLack() {
    Path file = Pictures.copy("setid.mat", root.resolve("setid.mat"));
    MatlabVariables sets = MatlabVariables.read(file);

    assertThat(sets.integers("tstid")).hasSize(6149).startsWith(6734, 6735);
    assertThatThrownBy(() -> sets.integers("labels"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("setid.mat has not the numbers 'labels'")
        .hasMessageContaining("trnid");
    assertThatThrownBy(() -> sets.texts("trnid")).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> sets.text("trnid", 0, "fname")).isInstanceOf(BadInputException.class);
  }

  @Test
  void brokenFilesAreRefusedAndNothingElseHappens() throws IOException {
    byte[][] files = {
      bytes("imagelabels.mat"), bytes("cars_test_annos.mat"), bytes("cars_train_annos.mat")
    };
    Path broken = root.resolve("broken.mat");
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 240; round++) {
      byte[] bytes = files[round % files.length].clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        // the first bytes hold most of the lengths
        int end = random.nextBoolean() ? Math.min(300, bytes.length) : bytes.length;
        bytes[random.nextInt(end)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      Files.write(broken, bytes);
      try {
        read(MatlabVariables.read(broken));
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining("broken.mat");
      }
    }
  }

  private static void read(MatlabVariables variables) {
    if (variables.has("labels")) {
      variables.integers("labels");
    } else {
      for (int i = 0; i < variables.structs("annotations"); i++) {
        variables.text("annotations", i, "fname");
        if (variables.hasField("annotations", "class")) {
          variables.integer("annotations", i, "class");
        }
      }
    }
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(Pictures.copy(name, root.resolve(name)));
  }
}
