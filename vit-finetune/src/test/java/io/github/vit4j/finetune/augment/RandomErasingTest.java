package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomErasingTest {

  private static final int HEIGHT = 40;
  private static final int WIDTH = 50;
  private static final float UNTOUCHED = 99;

  private static float[] erased(RandomErasing erasing, long seed) {
    FloatBuffer pixels = FloatBuffer.allocate(10 + 3 * HEIGHT * WIDTH);
    Arrays.fill(pixels.array(), UNTOUCHED);
    pixels.position(10);
    erasing.apply(pixels, HEIGHT, WIDTH, RandomStreams.of(seed));
    assertThat(pixels.position()).isEqualTo(10);
    assertThat(Arrays.copyOf(pixels.array(), 10)).containsOnly(UNTOUCHED);
    return Arrays.copyOfRange(pixels.array(), 10, pixels.capacity());
  }

  private static int touched(float[] pixels, int channel) {
    int count = 0;
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      count += pixels[channel * HEIGHT * WIDTH + i] != UNTOUCHED ? 1 : 0;
    }
    return count;
  }

  @Test
  void touchesAsManyImagesAndAsMuchOfThemAsTimm() {
    int images = 0;
    double area = 0;
    for (int seed = 0; seed < 4000; seed++) {
      float[] pixels = erased(new RandomErasing(0.25, ErasingMode.CONST), seed);
      int count = touched(pixels, 0);
      assertThat(touched(pixels, 2)).isEqualTo(count);
      images += count > 0 ? 1 : 0;
      area += (double) count / (HEIGHT * WIDTH);
    }
    assertThat(images).isCloseTo(1000, within(90));
    // from 200,000 draws of timm's RandomErasing at this size
    assertThat(area / images).isCloseTo(0.1739, within(0.01));
  }

  @Test
  void modesFillAsTheyShould() {
    float[] constant = erased(new RandomErasing(1, ErasingMode.CONST), 3);
    float[] perChannel = erased(new RandomErasing(1, ErasingMode.RAND), 3);
    float[] perPixel = erased(new RandomErasing(1, ErasingMode.PIXEL), 3);

    assertThat(values(constant)).containsExactly(0f);
    assertThat(values(perChannel)).hasSize(3);
    assertThat(values(perPixel).size()).isGreaterThan(3 * touched(perPixel, 0) - 5);
    double mean = values(perPixel).stream().mapToDouble(v -> v).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(0.2));
  }

  @Test
  void severalRectanglesShareTheArea() {
    double area = 0;
    for (int seed = 0; seed < 500; seed++) {
      RandomErasing erasing = new RandomErasing(1, 0.3, 0.3, 1, ErasingMode.CONST, 3);
      area += touched(erased(erasing, seed), 1) / (double) (HEIGHT * WIDTH);
    }
    assertThat(area / 500).isBetween(0.25, 0.3);
  }

  @Test
  void buffersWithoutAnImageAreRefused() {
    assertThatThrownBy(
            () ->
                new RandomErasing(1, ErasingMode.CONST)
                    .apply(FloatBuffer.allocate(5), 4, 4, RandomStreams.of(1)))
        .isInstanceOf(BadInputException.class);
  }

  private static Set<Float> values(float[] pixels) {
    Set<Float> values = new HashSet<>();
    for (float value : pixels) {
      values.add(value);
    }
    values.remove(UNTOUCHED);
    return values;
  }
}
