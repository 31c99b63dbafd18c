package io.github.vit4j.examples.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepDataTest {

  private final SweepData data = SweepData.open("shapes:60", 16, 0);

  @Test
  void aPartIsRepeatedEvenlyUpToTheWhole() {
    ImageDataset train = data.splits(0.4).train();
    assertThat(data.part(0.4).size()).isEqualTo(24);
    assertThat(train.size()).isEqualTo(60);
    Map<String, Long> times = count(train, train::name);
    assertThat(times).hasSize(24);
    assertThat(times.values()).allMatch(n -> n == 2 || n == 3);
    assertThat(count(train, train::label).values()).allMatch(n -> n >= 9 && n <= 11);
  }

  private static <K> Map<K, Long> count(ImageDataset images, Function<Integer, K> key) {
    return IntStream.range(0, images.size())
        .boxed()
        .collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  @Test
  void theWholeIsTheWhole() {
    ImageDataset train = data.splits(1).train();
    assertThat(count(train, train::name)).hasSize(60);
  }

  @Test
  void refusesPartsWithoutSomeClass() {
    assertThatThrownBy(() -> data.part(0.05))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a fraction of 0.05 of 60 training images is 3, fewer than the 6");
    assertThatThrownBy(() -> SweepData.open("shapes:60", 16, 99))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'testImages' is 99, but shapes:60 has 15");
  }
}
