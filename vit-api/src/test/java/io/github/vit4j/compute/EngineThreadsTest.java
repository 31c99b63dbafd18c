package io.github.vit4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineThreadsTest {

  @Test
  void areWhatWasSet() {
    int before = EngineThreads.get();
    try {
      EngineThreads.set(before + 1);
      assertThat(EngineThreads.get()).isEqualTo(before + 1);
    } finally {
      EngineThreads.set(before);
    }
    assertThat(EngineThreads.get()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025})
  void areBounded(int threads) {
    assertThatThrownBy(() -> EngineThreads.set(threads))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(threads + " threads");
  }
}
