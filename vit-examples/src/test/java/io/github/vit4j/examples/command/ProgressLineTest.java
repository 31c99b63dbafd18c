package io.github.vit4j.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The bar of long work. */
class ProgressLineTest {

  @Test
  void noBarAppearsAfterTheEnd() {
    ProgressLine line = new ProgressLine("Working", 3, false);
    line.at(1, 3);
    line.close();
    line.show("Working", 3, "images", false); // what the timer does if it was waiting
    assertThat(line.isShown()).isFalse();
  }
}
