package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static int[] indices(Sampler sampler, int epoch) {
    Sampler.Order order = sampler.order(epoch);
    return IntStream.range(0, sampler.length()).map(order::index).toArray();
  }

  @Test
  void everyImageComesOnceInAnOrderOfTheEpochs() {
    Sampler sampler = Sampler.shuffled(1000, 5);

    assertThat(indices(sampler, 0)).hasSize(1000).doesNotHaveDuplicates();
    assertThat(indices(sampler, 0))
        .isEqualTo(indices(Sampler.shuffled(1000, 5), 0))
        .isNotEqualTo(indices(sampler, 1))
        .isNotEqualTo(indices(Sampler.shuffled(1000, 6), 0));
    assertThat(indices(Sampler.sequential(4), 9)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void everyPlaceIsAsLikely() {
    int[] first = new int[5];
    for (int epoch = 0; epoch < 20_000; epoch++) {
      first[Sampler.shuffled(5, 1).order(epoch).index(0)]++;
    }
    for (int count : first) {
      assertThat(count).isBetween(3800, 4200);
    }
  }

  @Test
  void repeatedAugmentationIsDeits() {
    Sampler sampler = Sampler.repeated(1000, 3, 5);
    int[] indices = indices(sampler, 2);

    // floor(1000 / 256) * 256, as RASampler's num_selected_samples for one process
    assertThat(indices).hasSize(768);
    for (int i = 0; i < indices.length; i++) {
      assertThat(indices[i]).isEqualTo(indices[i / 3 * 3]);
      assertThat(sampler.repeat(i)).isEqualTo(i % 3);
    }
    assertThat(IntStream.of(indices).distinct().count()).isEqualTo(256);
    assertThat(Sampler.repeated(100, 3, 5).length()).isEqualTo(100);
    assertThatThrownBy(() -> Sampler.repeated(100, 0, 5)).isInstanceOf(BadInputException.class);
  }
}
