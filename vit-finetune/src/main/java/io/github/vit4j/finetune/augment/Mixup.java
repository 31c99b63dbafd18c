package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Soft targets, and batches whose images are mixed with one another: mixup (Zhang et al. 2017)
 * blends two images, CutMix (Yun et al. 2019) pastes a rectangle of one onto the other, and both
 * mix the targets alike.
 *
 * <p>As timm's {@code Mixup} in its {@code batch} mode: one draw decides for the whole batch, and
 * image {@code i} is mixed with image {@code B - 1 - i}. A share drawn from Beta(alpha, alpha) is
 * the first image's; for CutMix it is corrected to the area that the rectangle really covers. In a
 * batch of odd size the middle image meets itself.
 *
 * @param mixupAlpha of the distribution of mixup's share; 0 for no mixup
 * @param cutmixAlpha of the distribution of CutMix's share; 0 for no CutMix
 * @param probability that a batch is mixed at all, 0 to 1
 * @param switchProbability of CutMix rather than mixup where both are possible, 0 to 1
 * @param smoothing label smoothing: this much of each target is spread evenly over all classes
 */
public record Mixup(
    double mixupAlpha,
    double cutmixAlpha,
    double probability,
    double switchProbability,
    double smoothing) {

  /** No mixing and no smoothing: targets are 1 for the class and 0 for the others. */
  public static final Mixup NONE = new Mixup(0, 0, 0, 0, 0);

  /** Checks every value. */
  public Mixup {
    Checks.range("mixup's alpha", mixupAlpha, 0, 1000);
    Checks.range("CutMix's alpha", cutmixAlpha, 0, 1000);
    Checks.probability("the probability of mixing", probability);
    Checks.probability("the probability of CutMix rather than mixup", switchProbability);
    Checks.range("label smoothing", smoothing, 0, 0.999);
  }

  /**
   * Every batch is mixed, half by mixup and half by CutMix, where both are possible.
   *
   * @param mixupAlpha of the distribution of mixup's share; 0 for no mixup
   * @param cutmixAlpha of the distribution of CutMix's share; 0 for no CutMix
   * @param smoothing label smoothing
   */
  public Mixup(double mixupAlpha, double cutmixAlpha, double smoothing) {
    this(mixupAlpha, cutmixAlpha, 1, 0.5, smoothing);
  }

  /**
   * {@return no mixing, but smoothed targets}
   *
   * @param smoothing label smoothing
   */
  public static Mixup smoothing(double smoothing) {
    return new Mixup(0, 0, 0, 0, smoothing);
  }

  /** {@return whether images may be mixed} */
  public boolean mixes() {
    return probability > 0 && (mixupAlpha > 0 || cutmixAlpha > 0);
  }

  /**
   * Mixes a batch in place and writes its targets.
   *
   * @param pixels (B, 3, H, W) from the start of the buffer
   * @param labels the class of each image, B of them
   * @param targets (B, classes) from the start of the buffer, overwritten; each row sums to 1
   * @param height of the images
   * @param width of the images
   * @param classes how many there are
   * @param random where every draw comes from
   * @throws BadInputException if a label is none of the classes
   */
  public void apply(
      FloatBuffer pixels,
      int[] labels,
      FloatBuffer targets,
      int height,
      int width,
      int classes,
      RandomGenerator random) {
    float share = mixes() ? mix(pixels, labels.length, height, width, random) : 1;
    writeTargets(labels, targets, classes, share);
  }

  /** The first image's share. */
  private float mix(FloatBuffer pixels, int count, int height, int width, RandomGenerator random) {
    if (!Draw.chance(probability, random)) {
      return 1;
    }
    boolean cut = cutmixAlpha > 0 && (mixupAlpha == 0 || Draw.chance(switchProbability, random));
    double share = Draw.beta(cut ? cutmixAlpha : mixupAlpha, random);
    Pairs pairs = new Pairs(pixels, count, height, width);
    if (!cut) {
      pairs.blend((float) share);
      return (float) share;
    }
    Box box = Box.draw(share, height, width, random);
    pairs.exchange(box);
    return (float) (1 - (double) box.area() / ((double) height * width));
  }

  private void writeTargets(int[] labels, FloatBuffer targets, int classes, float share) {
    float off = (float) (smoothing / classes);
    float on = (float) (1 - smoothing + smoothing / classes);
    for (int i = 0; i < labels.length; i++) {
      int own = checked(labels[i], classes);
      int other = checked(labels[labels.length - 1 - i], classes);
      for (int c = 0; c < classes; c++) {
        float first = c == own ? on : off;
        float second = c == other ? on : off;
        targets.put(i * classes + c, first * share + second * (1 - share));
      }
    }
  }

  private static int checked(int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new BadInputException(
          "label %d is none of the %d classes; labels run from 0 to %d"
              .formatted(label, classes, classes - 1));
    }
    return label;
  }

  /** A rectangle within the image. */
  record Box(int top, int left, int bottom, int right) {

    /** About a random centre, clipped at the edges, which makes it smaller than the share says. */
    static Box draw(double share, int height, int width, RandomGenerator random) {
      double side = Math.sqrt(1 - share);
      int halfHeight = (int) (height * side) / 2;
      int halfWidth = (int) (width * side) / 2;
      int y = Draw.below(height, random);
      int x = Draw.below(width, random);
      return new Box(
          Math.max(0, y - halfHeight),
          Math.max(0, x - halfWidth),
          Math.min(height, y + halfHeight),
          Math.min(width, x + halfWidth));
    }

    int area() {
      return (bottom - top) * (right - left);
    }
  }

  /** The images of a batch, each with the one that it is mixed with. */
  private record Pairs(FloatBuffer pixels, int count, int height, int width) {

    void blend(float share) {
      int values = 3 * height * width;
      float[] first = new float[values];
      float[] second = new float[values];
      for (int i = 0; i < count / 2; i++) {
        int from = i * values;
        int to = (count - 1 - i) * values;
        pixels.get(from, first);
        pixels.get(to, second);
        for (int k = 0; k < values; k++) {
          float own = first[k];
          first[k] = own * share + second[k] * (1 - share);
          second[k] = second[k] * share + own * (1 - share);
        }
        pixels.put(from, first);
        pixels.put(to, second);
      }
    }

    void exchange(Box box) {
      float[] first = new float[box.right - box.left];
      float[] second = new float[first.length];
      for (int i = 0; i < count / 2; i++) {
        for (int channel = 0; channel < 3; channel++) {
          for (int y = box.top; y < box.bottom; y++) {
            int from = ((i * 3 + channel) * height + y) * width + box.left;
            int to = (((count - 1 - i) * 3 + channel) * height + y) * width + box.left;
            pixels.get(from, first);
            pixels.get(to, second);
            pixels.put(from, second);
            pixels.put(to, first);
          }
        }
      }
    }
  }
}
