package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The readers of published data sets on the publishers' own files, or the beginnings of them. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class PublishedDataTest {

  @TempDir Path root;

  @Test
  void flowersJoinTrainingAndValidation() {
    Pictures.copy("setid.mat", root.resolve("setid.mat"));
    assertThatThrownBy(() -> Flowers102.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no imagelabels.mat")
        .hasMessageContaining("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/");
    Pictures.copy("imagelabels.mat", root.resolve("imagelabels.mat"));
    assertThatThrownBy(() -> Flowers102.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of the 2040 images")
        .hasMessageContaining("102flowers.tgz");
    // the first two of each part, as SciPy reads them
    for (int id : new int[] {6765, 6755, 6773, 6767, 6734, 6735}) {
      Pictures.write(root.resolve("jpg/image_%05d.jpg".formatted(id)));
    }

    DataSplits data = Flowers102.of(root);

    assertThat(data.train().size()).isEqualTo(4);
    assertThat(data.train().name(0)).endsWith("image_06765.jpg");
    assertThat(data.train().name(2)).endsWith("image_06773.jpg");
    assertThat(data.train().label(0)).isZero();
    assertThat(data.train().classes()).hasSize(102).startsWith("1", "2");
    assertThat(data.validation().size()).isEqualTo(2);
    assertThat(PublishedCounts.FLOWERS_102.differences(data))
        .containsExactly(
            "Flowers-102 has 4 training images here, but 2,040 were published",
            "Flowers-102 has 2 validation images here, but 6,149 were published");
    assertThatThrownBy(() -> PublishedCounts.FLOWERS_102.require(data))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("6,149");
  }

  @Test
  void carsComeFromTheDevkit() {
    Pictures.copy("cars_meta.mat", root.resolve("devkit/cars_meta.mat"));
    Pictures.copy("cars_train_annos.mat", root.resolve("devkit/cars_train_annos.mat"));
    Pictures.write(root.resolve("cars_train/00003.jpg"));
    Pictures.write(root.resolve("cars_train/00001.jpg"));

    FileImages train = StanfordCars.train(root);

    assertThat(train.size()).isEqualTo(2);
    assertThat(train.label(0)).isEqualTo(13);
    assertThat(train.label(1)).isEqualTo(90);
    assertThat(train.classes()).hasSize(196);
    assertThat(train.files().files().get(1).label()).isEqualTo("Dodge Dakota Club Cab 2007");
    assertThatThrownBy(() -> StanfordCars.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no cars_test_annos_withlabels.mat")
        .hasMessageContaining("https://ai.stanford.edu/~jkrause/cars/car_dataset.html");
    // the public test file under the name of the one with labels
    Pictures.copy("cars_test_annos.mat", root.resolve("cars_test_annos_withlabels.mat"));
    assertThatThrownBy(() -> StanfordCars.of(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has no classes");
  }

  @Test
  void carsComeFromTheJoinedFileToo() {
    Pictures.copy("cars_annos.mat", root.resolve("cars_annos.mat"));
    for (int i = 1; i <= 4; i++) {
      Pictures.write(root.resolve("car_ims/%06d.jpg".formatted(i)));
    }

    DataSplits data = StanfordCars.of(root);

    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.train().name(1)).endsWith("000003.jpg");
    assertThat(data.train().label(1)).isEqualTo(1);
    assertThat(data.validation().name(0)).endsWith("000002.jpg");
    assertThat(data.validation().classes()).startsWith("AM General Hummer SUV 2000");
  }

  @Test
  void inaturalistReadsCocoAnnotations() throws IOException {
    Path json = Pictures.copy("val2019.json", root.resolve("val2019.json"));
    assertThatThrownBy(() -> INaturalist.of(root, 2019))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no train2019.json")
        .hasMessageContaining("https://github.com/visipedia/inat_comp");
    Files.copy(json, root.resolve("train2019.json"));
    Pictures.write(root.resolve("train_val2019/Birds/300/5f3194ff536c7dd31d80b78ef809bc23.jpg"));
    Pictures.write(root.resolve("train_val2019/Plants/644/716a69838526f3ada3b2fe2e099cfcb6.jpg"));

    DataSplits data = INaturalist.of(root, 2019);

    // categories 0, 1, 300, 597, 607, 644, 698, 771, 881, 883
    assertThat(data.train().classes()).hasSize(10).startsWith("UYRGAX", "CXIRQX", "EYMKYT");
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.train().label(0)).isEqualTo(5);
    assertThat(data.train().label(1)).isEqualTo(2);
    assertThat(INaturalist.validation(root, 2019).size()).isEqualTo(2);
    assertThatThrownBy(() -> INaturalist.of(root, 2021)).isInstanceOf(BadInputException.class);
  }

  @Test
  void brokenAnnotationsAreRefusedByName() throws IOException {
    String good = Files.readString(Pictures.copy("val2019.json", root.resolve("x/val2019.json")));
    List<String> broken =
        List.of(
            "",
            "[]",
            "{\"images\": 3}",
            "{\"images\": [], \"annotations\": [], \"categories\": []}",
            good.substring(0, good.length() / 2),
            good.replace("\"category_id\": 644", "\"category_id\": 645"),
            good.replace("\"category_id\": 644", "\"category_id\": \"many\""),
            good.replace("\"image_id\": 265213", "\"image_id\": 7"),
            good.replace("train_val2019/Plants/644/", "../../../etc/"),
            good.replace("train_val2019/Plants/644/", "/etc/"),
            "[".repeat(100_000),
            "{\"info\": " + "[".repeat(100_000));
    for (String text : broken) {
      Files.writeString(root.resolve("val2019.json"), text);
      assertThatThrownBy(() -> INaturalist.validation(root, 2019))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("val2019.json");
    }
  }

  @Test
  void cifarReadsItsRecords() throws IOException {
    assertThatThrownBy(() -> Cifar.ten(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar.html");
    Path folder = Files.createDirectory(root.resolve("cifar-10-batches-bin"));
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    for (int batch = 1; batch <= 5; batch++) {
      Files.write(folder.resolve("data_batch_" + batch + ".bin"), records(1, batch, batch + 1));
    }
    Files.write(folder.resolve("test_batch.bin"), records(1, 9));

    DataSplits data = Cifar.ten(root);

    assertThat(data.train().size()).isEqualTo(10);
    assertThat(IntStream.range(0, 10).map(data.train()::label))
        .containsExactly(1, 2, 2, 3, 3, 4, 4, 5, 5, 6);
    assertThat(data.train().name(3)).endsWith("data_batch_2.bin record 1");
    // red plane, then green, then blue: a record's first, 1025th and 2049th byte after its label
    assertThat(data.validation().image(0).pixel(0, 0)).isEqualTo(0x000102);
    assertThat(data.validation().image(0).pixel(31, 31)).isEqualTo(0xff0001);

    Files.write(folder.resolve("test_batch.bin"), records(1, 3, 10));
    assertThatThrownBy(() -> Cifar.ten(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("test_batch.bin record 1 has the label 10");
    Files.write(folder.resolve("test_batch.bin"), new byte[3074]);
    assertThatThrownBy(() -> Cifar.ten(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("3074 bytes");
    Files.delete(folder.resolve("data_batch_4.bin"));
    assertThatThrownBy(() -> Cifar.ten(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no data_batch_4.bin");
  }

  @Test
  void cifarHundredHasFineLabels() throws IOException {
    Files.write(
        root.resolve("fine_label_names.txt"),
        IntStream.range(0, 100).mapToObj(i -> "class " + i).toList());
    Files.write(root.resolve("train.bin"), records(2, 99, 7));
    Files.write(root.resolve("test.bin"), records(2, 42));

    DataSplits data = Cifar.hundred(root);

    assertThat(data.train().label(0)).isEqualTo(99);
    assertThat(data.validation().classes().get(data.validation().label(0))).isEqualTo("class 42");
    assertThat(data.validation().image(0).pixel(0, 0)).isEqualTo(0x000102);
    Files.writeString(root.resolve("fine_label_names.txt"), "one\ntwo\n");
    assertThatThrownBy(() -> Cifar.hundred(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 class names, not 100");
  }

  /** Records whose pixels count up, each plane from where the one before it began plus one. */
  private static byte[] records(int labelBytes, int... labels) {
    int length = labelBytes + 3072;
    byte[] records = new byte[labels.length * length];
    for (int i = 0; i < labels.length; i++) {
      records[i * length + labelBytes - 1] = (byte) labels[i];
      for (int k = 0; k < 3072; k++) {
        records[i * length + labelBytes + k] = (byte) (k % 1024 + k / 1024);
      }
    }
    return records;
  }
}
