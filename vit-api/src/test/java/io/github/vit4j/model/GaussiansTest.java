package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussiansTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE, 0x123456789abcdefL})
  void areJavasOwn(long seed) {
    Gaussians ours = new Gaussians(seed);
    Random java = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      assertThat(ours.next()).isEqualTo(java.nextGaussian());
    }
  }
}
