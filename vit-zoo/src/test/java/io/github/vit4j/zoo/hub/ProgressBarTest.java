package io.github.vit4j.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The bar shows up late, stays within a line, and leaves the line as it was. */
class ProgressBarTest {

  private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final ProgressBar bar =
      new ProgressBar(new PrintStream(drawn, true, StandardCharsets.UTF_8), nanos::get);

  @Test
  void aShortDownloadDrawsNothing() {
    bar.start(new Transfer("model.safetensors", 0, 1000, 0));
    after(1.9);
    bar.advance(new Transfer("model.safetensors", 1000, 1000, 0));
    bar.end();
    assertThat(drawn.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aLongDownloadDrawsOneLine() {
    String name = "a".repeat(300) + ".safetensors";
    bar.start(new Transfer(name, 100_000_000, 400_000_000, 100_000_000));
    after(4);
    bar.advance(new Transfer(name, 200_000_000, 400_000_000, 100_000_000));
    String line = drawn.toString(StandardCharsets.UTF_8);
    assertThat(line)
        .endsWith("aaa.safetensors [==========          ]  50% of 400.0 MB, 25.0 MB/s")
        .hasSizeLessThan(81)
        .doesNotContain("\n");
    bar.end();
    assertThat(drawn.toString(StandardCharsets.UTF_8)).endsWith(" \r");
  }

  @Test
  void anUnknownLengthDrawsBytes() {
    bar.start(new Transfer("x.npz", 0, -1, 0));
    after(3);
    bar.advance(new Transfer("x.npz", 3_000_000, -1, 0));
    assertThat(drawn.toString(StandardCharsets.UTF_8)).endsWith("x.npz 3.0 MB, 1.0 MB/s");
  }

  private void after(double seconds) {
    nanos.addAndGet((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
  }
}
