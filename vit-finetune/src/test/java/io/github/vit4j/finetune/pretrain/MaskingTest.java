package io.github.vit4j.finetune.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.pretrain.BlockwiseMasking.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of 10,000 draws. */
class MaskingTest {

  private static final int DRAWS = 10_000;
  private static final int SIDE = 14;

  private static List<Masking> all() {
    return List.of(
        BlockwiseMasking.BEIT,
        BlockwiseMasking.BEIT.withRatio(75 / 196.0),
        BlockwiseMasking.BEIT.withBlocks(4, 20),
        BlockwiseMasking.BEIT.withVariant(Variant.PAPER),
        new RandomMasking(0.4));
  }

  private static int count(boolean... hidden) {
    int count = 0;
    for (boolean one : hidden) {
      count += one ? 1 : 0;
    }
    return count;
  }

  private static boolean[] draw(Masking masking, long seed) {
    return masking.draw(SIDE, SIDE, RandomStreams.of(seed));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theShareAndItsSpread(Masking masking) {
    double ratio =
        masking instanceof BlockwiseMasking blocks
            ? blocks.ratio()
            : ((RandomMasking) masking).ratio();
    int limit = Masking.share(ratio, SIDE * SIDE);
    boolean mayExceed =
        masking instanceof BlockwiseMasking blocks && blocks.variant() == Variant.PAPER;
    long total = 0;
    int most = 0;
    long[] where = new long[SIDE * SIDE];
    for (int i = 0; i < DRAWS; i++) {
      boolean[] hidden = draw(masking, i);
      int count = count(hidden);
      assertThat(count).isBetween(1, SIDE * SIDE - 1);
      most = Math.max(most, count);
      total += count;
      for (int p = 0; p < where.length; p++) {
        where[p] += hidden[p] ? 1 : 0;
      }
    }
    double mean = (double) total / DRAWS;
    if (mayExceed) {
      assertThat(mean).isBetween(limit + 1.0, limit + 16.0);
    } else {
      assertThat(most).isEqualTo(limit);
      assertThat(mean).isBetween(0.9 * limit, (double) limit);
    }
    // left and right, top and bottom, transposed: no side is preferred
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double here = (double) where[y * SIDE + x] / DRAWS;
        double mirrored = (double) where[y * SIDE + SIDE - 1 - x] / DRAWS;
        double turned = (double) where[x * SIDE + y] / DRAWS;
        assertThat(here).isCloseTo(mirrored, within(0.04)).isCloseTo(turned, within(0.04));
        if (masking instanceof RandomMasking) {
          assertThat(here).isCloseTo((double) limit / where.length, within(0.02));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theSeedDecides(Masking masking) {
    assertThat(draw(masking, 3)).isEqualTo(draw(masking, 3));
    assertThat(draw(masking, 3)).isNotEqualTo(draw(masking, 4));
  }

  /** A share so small that the first block is all there is. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 1})
  void aBlockHasItsAreaAndItsAspect(double minAspect) {
    BlockwiseMasking one = new BlockwiseMasking(0.13, 25, 0, minAspect, Variant.CODE); // 25 of 196
    double[] logAspects = new double[DRAWS];
    int found = 0;
    for (int i = 0; i < DRAWS; i++) {
      boolean[] hidden = draw(one, i);
      int top = SIDE;
      int bottom = -1;
      int left = SIDE;
      int right = -1;
      for (int p = 0; p < hidden.length; p++) {
        if (hidden[p]) {
          top = Math.min(top, p / SIDE);
          bottom = Math.max(bottom, p / SIDE);
          left = Math.min(left, p % SIDE);
          right = Math.max(right, p % SIDE);
        }
      }
      int height = bottom - top + 1;
      int width = right - left + 1;
      if (height * width == count(hidden)) { // a second block may have joined the first
        assertThat(height * width).isLessThanOrEqualTo(25);
        assertThat(height).isLessThan(SIDE);
        assertThat(width).isLessThan(SIDE);
        double slack = 1.45; // sides are whole patches
        assertThat((double) height / width).isBetween(minAspect / slack, slack / minAspect);
        logAspects[found++] = Math.log((double) height / width);
      }
    }
    assertThat(found).isGreaterThan(DRAWS / 10);
    double mean = Arrays.stream(logAspects, 0, found).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(0.03)); // as often tall as flat
  }

  @Test
  void theBestKnownNumbersStandInTheDefault() {
    assertThat(BlockwiseMasking.BEIT)
        .isEqualTo(new BlockwiseMasking(0.4, 16, 0, 0.3, Variant.CODE));
    assertThat(Masking.share(75 / 196.0, 196)).isEqualTo(75);
    assertThat(BlockwiseMasking.BEIT.scaledTo(14, 14)).isEqualTo(BlockwiseMasking.BEIT);
    assertThat(BlockwiseMasking.BEIT.scaledTo(8, 8).minBlock()).isEqualTo(5);
  }

  @Test
  void smallGridsAndOddOnes() {
    for (int rows = 3; rows < 9; rows++) {
      for (int columns = 3; columns < 9; columns++) {
        for (Variant variant : Variant.values()) {
          Masking masking = BlockwiseMasking.BEIT.withVariant(variant).scaledTo(rows, columns);
          masking.requireFit(rows, columns);
          for (int i = 0; i < 100; i++) {
            boolean[] hidden = masking.draw(rows, columns, new SplittableRandom(i));
            assertThat(hidden).hasSize(rows * columns);
            assertThat(count(hidden)).isBetween(1, rows * columns - 1);
          }
        }
      }
    }
  }

  @Test
  void theRemedyForBlocksThatAreTooLargeHelps() {
    Pattern remedy = Pattern.compile("withBlocks\\((\\d+), 0\\)");
    int refused = 0;
    for (int rows = 1; rows < 16; rows++) {
      for (int columns = 1; columns < 16; columns++) {
        for (double ratio : new double[] {0.02, 0.05, 0.2, 0.4, 0.9}) {
          for (int min : new int[] {1, 3, 5, 16, 60}) {
            BlockwiseMasking masking = BlockwiseMasking.BEIT.withRatio(ratio).withBlocks(min, 0);
            try {
              masking.requireFit(rows, columns);
            } catch (BadInputException e) {
              refused++;
              Matcher found = remedy.matcher(String.valueOf(e.getMessage()));
              if (found.find()) {
                int smaller = Integer.parseInt(found.group(1));
                masking.withBlocks(smaller, 0).requireFit(rows, columns);
              } else {
                assertThat(e).hasMessageContaining("no block fits; give a larger ratio");
                assertThat(
                        Math.min(Math.min(rows, columns) - 1, Masking.share(ratio, rows * columns)))
                    .isZero();
              }
            }
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void whatIsNotPossibleIsSaid() {
    for (double ratio : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> new RandomMasking(ratio))
          .hasMessageContaining("a mask ratio of " + ratio + " is not possible");
      assertThatThrownBy(() -> BlockwiseMasking.BEIT.withRatio(ratio))
          .hasMessageContaining("a mask ratio of " + ratio + " is not possible");
    }
    assertThatThrownBy(() -> BlockwiseMasking.BEIT.requireFit(4, 4))
        .hasMessage(
            "of 4 x 4 patches 6 are to be hidden, but the smallest block has 16, about 4 x 4, and must be smaller than the grid; give blocks of 4 or fewer (withBlocks(4, 0), --min-block 4), a larger ratio, or larger images");
    assertThatThrownBy(() -> BlockwiseMasking.BEIT.draw(4, 4, new SplittableRandom(1)))
        .hasMessageContaining("the smallest block has 16");
    assertThatThrownBy(() -> new RandomMasking(0.1).requireFit(2, 2))
        .hasMessageContaining("hides none of 2 x 2 patches");
    assertThatThrownBy(() -> BlockwiseMasking.BEIT.withBlocks(0, 0))
        .hasMessageContaining("blocks of 0 to 0 patches");
    assertThatThrownBy(() -> BlockwiseMasking.BEIT.withBlocks(9, 4))
        .hasMessageContaining("blocks of 9 to 4 patches");
    assertThatThrownBy(() -> new BlockwiseMasking(0.4, 16, 0, 0, Variant.CODE))
        .hasMessageContaining("an aspect ratio of 0.0");
  }
}
