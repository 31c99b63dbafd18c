package io.github.vit4j.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.compute.Precision;
import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;

class CompileOptionsTest {

  /** Plain products of 8 bits would be of 32 without a word. */
  @Test
  void productsOf8BitsArePackedBesideFloat32() {
    assertThat(CompileOptions.bfloat16().plain())
        .isEqualTo(new CompileOptions(Precision.BFLOAT16, false, false));
    assertThatThrownBy(() -> CompileOptions.int8().plain())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("products of 8 bits are packed, beside float32");
    assertThatThrownBy(() -> new CompileOptions(Precision.BFLOAT16, true, true))
        .isInstanceOf(BadInputException.class);
  }
}
