package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class MixupTest {

  private static final int SIDE = 12;
  private static final int VALUES = 3 * SIDE * SIDE;
  private static final int CLASSES = 5;

  /** Image i is all i + 1. */
  private static FloatBuffer batch(int count) {
    FloatBuffer pixels = FloatBuffer.allocate(count * VALUES);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, i / VALUES + 1);
    }
    return pixels;
  }

  private static FloatBuffer targets(Mixup mixup, FloatBuffer pixels, long seed, int... labels) {
    FloatBuffer targets = FloatBuffer.allocate(labels.length * CLASSES);
    mixup.apply(pixels, labels, targets, SIDE, SIDE, CLASSES, RandomStreams.of(seed));
    return targets;
  }

  @Test
  void smoothsAsTimm() {
    FloatBuffer targets = targets(Mixup.smoothing(0.1), batch(2), 1, 0, 3);

    assertThat(targets.array())
        .containsExactly(0.92f, 0.02f, 0.02f, 0.02f, 0.02f, 0.02f, 0.02f, 0.02f, 0.92f, 0.02f);
    assertThat(targets(Mixup.NONE, batch(1), 1, 4).array()).containsExactly(0, 0, 0, 0, 1);
  }

  @Test
  void mixupBlendsImagesAndTargetsAlike() {
    double share = 0;
    for (int seed = 0; seed < 2000; seed++) {
      FloatBuffer pixels = batch(4);
      float[] targets = targets(new Mixup(0.8, 0, 0), pixels, seed, 0, 1, 2, 3).array();

      float own = targets[0];
      assertThat(targets[3]).isEqualTo(1 - own);
      assertThat(targets[3 * CLASSES + 3]).isEqualTo(own);
      assertThat(pixels.get(7)).isCloseTo(own + 4 * (1 - own), within(1e-5f));
      assertThat(pixels.get(2 * VALUES)).isCloseTo(3 * own + 2 * (1 - own), within(1e-5f));
      share += own;
    }
    assertThat(share / 2000).isCloseTo(0.5, within(0.03));
  }

  @Test
  void cutmixsShareIsTheAreaThatWasReallyPasted() {
    int pastedNothing = 0;
    for (int seed = 0; seed < 500; seed++) {
      FloatBuffer pixels = batch(2);
      float[] targets = targets(new Mixup(0, 1, 0), pixels, seed, 0, 1).array();

      int foreign = 0;
      for (int i = 0; i < SIDE * SIDE; i++) {
        foreign += pixels.get(i) == 2 ? 1 : 0;
        assertThat(pixels.get(i) + pixels.get(VALUES + i)).isEqualTo(3);
        assertThat(pixels.get(i)).isEqualTo(pixels.get(2 * SIDE * SIDE + i));
      }
      assertThat(targets[1]).isCloseTo((float) foreign / (SIDE * SIDE), within(1e-6f));
      assertThat(targets[0] + targets[1]).isCloseTo(1, within(1e-6f));
      pastedNothing += foreign == 0 ? 1 : 0;
    }
    assertThat(pastedNothing).isLessThan(60);
  }

  @Test
  void cutmixBoxesHaveTimmsMeanArea() {
    double area = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Mixup.Box box = Mixup.Box.draw(0.5, 224, 224, RandomStreams.of(seed));
      area += box.area() / (224. * 224);
    }
    // from 50,000 draws of timm's cutmix_bbox_and_lam
    assertThat(area / 20_000).isCloseTo(0.3379, within(0.003));
  }

  @Test
  void switchesBetweenBothAndLeavesSomeBatchesAlone() {
    Mixup mixup = new Mixup(0.8, 1, 0.6, 0.25, 0);
    int alone = 0;
    int cut = 0;
    int rounds = 4000;
    for (int seed = 0; seed < rounds; seed++) {
      FloatBuffer pixels = batch(2);
      float own = targets(mixup, pixels, seed, 0, 1).get(0);
      boolean untouched = true;
      boolean whole = true;
      for (int i = 0; i < VALUES; i++) {
        untouched &= pixels.get(i) == 1;
        whole &= pixels.get(i) == 1 || pixels.get(i) == 2;
      }
      alone += own == 1 && untouched ? 1 : 0;
      cut += whole && !untouched ? 1 : 0;
    }
    assertThat((double) alone / rounds).isCloseTo(0.4, within(0.05));
    assertThat((double) cut / rounds).isCloseTo(0.15, within(0.04));
  }

  @Test
  void oddBatchesAndSinglesWork() {
    FloatBuffer three = batch(3);
    float[] targets = targets(new Mixup(1, 0, 0.1), three, 5, 0, 1, 2).array();
    assertThat(three.get(VALUES)).isEqualTo(2);
    assertThat(targets[CLASSES + 1]).isCloseTo(0.92f, within(1e-6f));

    FloatBuffer one = batch(1);
    assertThat(targets(new Mixup(1, 1, 0), one, 5, 2).array()).containsExactly(0, 0, 1, 0, 0);
    assertThat(one.array()).containsOnly(1);
  }

  @Test
  void labelsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> targets(Mixup.NONE, batch(1), 1, 5))
        .isInstanceOf(BadInputException.class)
        .hasMessage("label 5 is none of the 5 classes; labels run from 0 to 4");
  }
}
