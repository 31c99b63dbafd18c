package io.github.vit4j.finetune.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewShotTest {

  @TempDir Path folder;
  private final Stripes train = new Stripes("train", 40, 4, 30);
  private final Stripes test = new Stripes("test", 20, 4, 30);
  private final DataSplits data = new DataSplits(train, test);

  private static ViTModel model(long seed) {
    VisionTransformer network =
        ViT.builder()
            .imageSize(16)
            .patchSize(4)
            .width(16)
            .depth(1)
            .heads(2)
            .classes(2)
            .seed(seed)
            .build();
    return ViTModel.of(
        network, EvalTransform.ofSize(16), List.of(new Label("a", "a"), new Label("b", "b")));
  }

  @Test
  void tellsClassesApart() {
    try (ViTModel vit = model(5)) {
      AtomicInteger heard = new AtomicInteger();
      FewShotResult found =
          FewShot.of(vit)
              .data(data)
              .shots(5, 1, FewShot.ALL)
              .nearestNeighbours()
              .batch(8)
              .progress((done, total) -> heard.set(100 * done / total))
              .run();
      assertThat(heard).hasValue(100);
      assertThat(found.ridge()).extracting(ShotAccuracy::shots).containsExactly(1, 5, FewShot.ALL);
      assertThat(found.ridge()).extracting(ShotAccuracy::images).containsExactly(4, 20, 40);
      assertThat(found.ridge().get(1).percents()).hasSize(3);
      assertThat(found.ridge().get(2).mean()).isGreaterThan(80);
      assertThat(found.neighbours().get(2).mean()).isGreaterThan(80);
      assertThat(found.notes()).isEmpty();
      assertThat(found.table()).contains("| all | 40 | 1 |").contains("| 5 | 20 | 3 |");
      Path plot = folder.resolve("plot.png");
      assertThat(found.plot("Stripes", plot)).isEqualTo(Files.exists(plot));
      assertThat(FewShot.of(vit).data(data).shots(1, 5).run().ridge())
          .isEqualTo(found.ridge().subList(0, 2));
    }
  }

  @Test
  void defaultShotsEndWhereTheDataDo() {
    try (ViTModel vit = model(5)) {
      FewShotResult found = FewShot.of(vit).data(data).run();
      assertThat(found.ridge()).extracting(ShotAccuracy::shots).containsExactly(1, 5, 10);
      assertThat(found.notes()).singleElement().asString().contains("shots end at 10");
    }
  }

  @Test
  void drawsArePrefixesOfOnePermutation() {
    Shots shots = new Shots(train);
    int[] five = shots.support(5, 1);
    int[] two = shots.support(2, 1);
    assertThat(two)
        .containsExactly(
            five[0], five[1], five[5], five[6], five[10], five[11], five[15], five[16]);
    assertThat(five).doesNotHaveDuplicates();
    assertThat(shots.support(5, 2)).isNotEqualTo(five);
  }

  @Test
  void keepsFeaturesWhileNothingChanges() throws IOException {
    Path cache = folder.resolve("a/b");
    FewShotResult first = cached(5, cache);
    int decoded = train.decoded.get();
    assertThat(decoded).isBetween(20, 40);
    assertThat(cached(5, cache)).isEqualTo(first);
    assertThat(train.decoded).hasValue(decoded);
    assertThat(files(cache)).hasSize(2);

    train.changed = 3;
    assertThat(cached(5, cache)).isEqualTo(first);
    assertThat(train.decoded.get()).as("a changed image").isGreaterThanOrEqualTo(decoded);
    test.changed = 3;
    int before = test.decoded.get();
    cached(5, cache);
    assertThat(test.decoded).as("another changed image").hasValue(before + 20);
    cached(6, cache);
    assertThat(test.decoded).as("another model").hasValue(before + 40);
  }

  @Test
  void computesBrokenFeaturesAnew() throws IOException {
    FewShotResult first = cached(5, folder);
    for (Path file : files(folder)) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 7] ^= 4; // a bit within a value
      Files.write(file, bytes);
    }
    int before = test.decoded.get();
    assertThat(cached(5, folder)).isEqualTo(first);
    assertThat(test.decoded).hasValue(before + 20);
    for (Path file : files(folder)) {
      Files.writeString(file, "no features at all");
    }
    assertThat(cached(5, folder)).isEqualTo(first);
    assertThat(test.decoded).hasValue(before + 40);
    assertThat(cached(5, folder)).isEqualTo(first);
    assertThat(test.decoded).as("mended").hasValue(before + 40);
  }

  private FewShotResult cached(long seed, Path cache) {
    try (ViTModel vit = model(seed)) {
      return FewShot.of(vit).data(data).shots(1, 5).cache(cache).run();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void namesABrokenImageOrLeavesItOut() {
    test.broken = 7;
    try (ViTModel vit = model(5)) {
      assertThatThrownBy(() -> FewShot.of(vit).data(data).shots(1).cache(folder).run())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("test/7 is broken");
      FewShotResult found =
          FewShot.of(vit).data(data).shots(1).cache(folder).skipUnreadable(true).run();
      assertThat(found.testImages()).isEqualTo(19);
      assertThat(found.notes()).singleElement().asString().contains("1 test images", "test/7");
      assertThatThrownBy(() -> FewShot.of(vit).data(data).shots(1).cache(folder).run())
          .as("the kept features lack it")
          .isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void featuresOfACompiledModelAreNotKept() {
    try (ViTModel vit = model(5);
        ViTModel fast = vit.compile()) {
      FewShotResult found = FewShot.of(fast).data(data).shots(1).cache(folder).run();
      assertThat(found.notes()).singleElement().asString().contains("compiled model are not kept");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void saysWhatIsWrong() {
    try (ViTModel vit = model(5)) {
      assertThatThrownBy(() -> FewShot.of(vit).data(data).shots(25).run())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("25 shots need 25 training images in every class")
          .hasMessageContaining("'stripe0' (and 3 more) has 10");
      DataSplits single = new DataSplits(new Stripes("a", 9, 1, 9), new Stripes("b", 9, 1, 9));
      assertThatThrownBy(() -> FewShot.of(vit).data(single).run())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("1 class only (stripe0)");
      assertThatThrownBy(() -> FewShot.of(vit).run())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no images");
      assertThatThrownBy(() -> FewShot.of(vit).shots(0)).hasMessageContaining("at least 1");
      assertThatThrownBy(() -> FewShot.of(vit).seeds(0)).hasMessageContaining("0 draws");
      assertThatThrownBy(() -> FewShot.of(vit).l2(0)).hasMessageContaining("l2 cannot be 0");
      assertThatThrownBy(() -> FewShot.of(vit).nearestNeighbours(0, 1))
          .hasMessageContaining("0 neighbours");
      assertThatThrownBy(() -> FewShot.of(vit).nearestNeighbours(20, 0))
          .hasMessageContaining("temperature");
    }
  }

  @Test
  void featuresThatTellNothingGiveChance() {
    DataSplits same = new DataSplits(new Stripes("a", 40, 4, 0), new Stripes("b", 20, 4, 0));
    try (ViTModel vit = model(5)) {
      FewShotResult found = FewShot.of(vit).data(same).shots(10).nearestNeighbours().run();
      assertThat(found.ridge().get(0).mean()).isCloseTo(25, within(1e-9));
      assertThat(found.neighbours().get(0).mean()).isCloseTo(25, within(1e-9));
      assertThat(found.notes()).singleElement().asString().contains("very same features");
    }
  }

  @Test
  void refusesAModelThatGivesNoNumbers() {
    try (ViTModel vit = model(5)) {
      vit.network().namedParameters().get(0).array().muli(Float.NaN);
      assertThatThrownBy(() -> FewShot.of(vit).data(data).shots(1).run())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("the model gives NaN as feature 0 of train/");
    }
  }
}
