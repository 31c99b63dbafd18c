package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ImageFolderTest {

  @TempDir Path root;

  private void classes(String folder, String... names) {
    for (String name : names) {
      Pictures.write(root.resolve(folder).resolve(name).resolve("a.png"));
    }
  }

  private static List<String> names(ImageDataset images) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      names.add(images.name(i));
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({"train,val", "train,valid", "training,validation", "train,test"})
  void foldersNamedAsSplitsAreSplits(String train, String validation) {
    classes(train, "cat", "dog", "emu");
    classes(validation, "dog");

    DataSplits data = ImageFolder.of(root);

    assertThat(data.train().classes()).containsExactly("cat", "dog", "emu");
    assertThat(data.train().size()).isEqualTo(3);
    assertThat(data.validation().size()).isEqualTo(1);
    assertThat(data.validation().label(0)).isEqualTo(1);
    assertThat(data.validation().image(0).pixel(0, 0)).isEqualTo(0x102030);
    assertThat(data.validation().name(0)).endsWith("a.png");
  }

  @Test
  void aTenthOfEachClassIsHeldOut() {
    for (int i = 0; i < 30; i++) {
      Pictures.write(root.resolve("large/%02d.png".formatted(i)));
    }
    for (int i = 0; i < 4; i++) {
      Pictures.write(root.resolve("small/%02d.png".formatted(i)));
    }
    Pictures.write(root.resolve("single/0.png"));

    DataSplits data = ImageFolder.of(root);

    assertThat(names(data.train()))
        .hasSize(31)
        .doesNotContainAnyElementsOf(names(data.validation()));
    assertThat(names(data.validation()))
        .hasSize(4)
        .filteredOn(name -> name.contains("small"))
        .hasSize(1);
    assertThat(names(ImageFolder.of(root).validation())).isEqualTo(names(data.validation()));
    assertThat(names(ImageFolder.holdOut(root, 0.1, 7).validation()))
        .isNotEqualTo(names(data.validation()));
    assertThat(ImageFolder.holdOut(root, 0.99, 7).train().size()).isEqualTo(3);
  }

  @Test
  void aTrainingFolderAloneIsSplitToo() {
    classes("train", "cat", "dog");
    Pictures.write(root.resolve("train/cat/b.png"));

    assertThat(ImageFolder.of(root).validation().size()).isEqualTo(1);
  }

  @Test
  void whatCannotBeLearntFromIsRefusedWithTheRemedy() throws Exception {
    assertThatThrownBy(() -> ImageFolder.of(root.resolve("nowhere")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> ImageFolder.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no class folders");
    classes("val", "cat", "dog");
    assertThatThrownBy(() -> ImageFolder.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none to train on");
    classes("train", "cat");
    Files.createDirectory(root.resolve("train/empty"));
    assertThatThrownBy(() -> ImageFolder.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one class only (cat)");
    classes("train", "emu");
    assertThatThrownBy(() -> ImageFolder.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'dog', which is none of the 2 classes");
    assertThatThrownBy(() -> ImageFolder.holdOut(root.resolve("train"), 0.5, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no class of the data set has two images");
    assertThatThrownBy(() -> ImageFolder.holdOut(root.resolve("train"), 1, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void partsAndCopiesInMemoryAreTheSameImages() {
    Pictures.write(root.resolve("a/1.png"), 4, 4, 0x010101);
    Pictures.write(root.resolve("b/2.png"), 4, 4, 0x020202);
    Path gone = Pictures.write(root.resolve("b/3.png"), 4, 4, 0x030303);
    FileImages images = ImageFolder.read(root);

    ImageDataset part = images.subset(2, 0, 2);
    ImageDataset cached = part.cached(4 * 4 * 3);
    assertThat(part.size()).isEqualTo(3);
    assertThat(part.label(0)).isEqualTo(1);
    assertThat(cached.image(0).pixel(0, 0)).isEqualTo(0x030303);
    assertThat(cached.image(1).pixel(0, 0)).isEqualTo(0x010101);
    gone.toFile().delete();
    assertThat(cached.image(0).pixel(0, 0)).isEqualTo(0x030303);
    // there was room for one image only
    assertThatThrownBy(() -> cached.image(2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("3.png");

    assertThatThrownBy(() -> images.subset()).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> images.subset(3))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no image 3 in a data set of 3");
    assertThatThrownBy(() -> images.cached(-1)).isInstanceOf(BadInputException.class);
  }
}
