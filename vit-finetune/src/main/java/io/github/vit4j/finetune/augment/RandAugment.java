package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RandAugment (Cubuk et al. 2019) as timm has it: some operations drawn with replacement from
 * fifteen, each of them then applied or not, with a magnitude that may vary.
 *
 * @param layers operations drawn an image, 1 to 100
 * @param magnitude mean strength, 0 to 100; the operations are scaled for 0 to 10
 * @param deviation standard deviation of the strength; 0 keeps it fixed, infinity draws it evenly
 *     from 0 to {@code magnitude}
 * @param maxMagnitude drawn strengths are clipped to 0 to this
 * @param probability of applying an operation that was drawn
 * @param increasing whether every operation grows stronger with the magnitude
 * @param interpolations of rotation, shear and translation: one is drawn, bilinear or bicubic
 * @param fill colour of what lies beyond the image's edge, {@code 0xRRGGBB}
 */
public record RandAugment(
    int layers,
    double magnitude,
    double deviation,
    double maxMagnitude,
    double probability,
    boolean increasing,
    List<Resampling> interpolations,
    int fill)
    implements ImageTransform {

  /** The mean of ImageNet, which timm fills with. */
  static final int IMAGENET_GREY = 124 << 16 | 116 << 8 | 104;

  private static final double STRONGEST = 10;
  private static final Pattern SECTION = Pattern.compile("([a-z]+)([0-9][0-9.e+-]*|inf)");

  /** Checks every value. */
  public RandAugment {
    Checks.range("the number of RandAugment's operations", layers, 1, 100);
    Checks.range("RandAugment's magnitude", magnitude, 0, 100);
    if (!(deviation >= 0)) {
      throw new BadInputException(
          "RandAugment's magnitude cannot deviate by %s; give 0 or more".formatted(deviation));
    }
    Checks.range("RandAugment's largest magnitude", maxMagnitude, 0, 100);
    Checks.probability("the probability of RandAugment's operations", probability);
    interpolations = List.copyOf(interpolations);
    if (interpolations.isEmpty()
        || !List.of(Resampling.BILINEAR, Resampling.BICUBIC).containsAll(interpolations)) {
      throw new BadInputException(
          "RandAugment cannot interpolate with %s; give bilinear, bicubic, or both"
              .formatted(interpolations.stream().map(Resampling::jsonName).toList()));
    }
  }

  /**
   * {@return what a timm configuration such as {@code rand-m9-mstd0.5-inc1} describes}
   *
   * <p>The sections after {@code rand} may come in any order: {@code m} magnitude (10), {@code n}
   * operations an image (2), {@code p} probability of each (0.5), {@code mstd} deviation of the
   * magnitude (0; above 100 stands for even), {@code mmax} largest magnitude (10), {@code inc1} the
   * increasing operations. timm's {@code t}, other sets of operations, is not known here. What
   * comes in from beyond the edge is ImageNet's mean, and bilinear or bicubic are drawn.
   *
   * @param text the configuration
   * @throws BadInputException if it is not of this form
   */
  public static RandAugment parse(String text) {
    String[] sections = text.strip().toLowerCase(Locale.ROOT).split("-", -1);
    if (!sections[0].equals("rand")) {
      throw problem(text, "it does not begin with rand");
    }
    Parsed parsed = new Parsed();
    for (int i = 1; i < sections.length; i++) {
      Matcher section = SECTION.matcher(sections[i]);
      if (!section.matches()) {
        throw problem(text, "'" + sections[i] + "' is not a letter and a number");
      }
      if (!parsed.set(section.group(1), number(text, section.group(2)))) {
        throw problem(text, "there is no section '" + section.group(1) + "'");
      }
    }
    return new RandAugment(
        parsed.layers,
        parsed.magnitude,
        parsed.deviation,
        parsed.maxMagnitude,
        parsed.probability,
        parsed.increasing,
        List.of(Resampling.BILINEAR, Resampling.BICUBIC),
        IMAGENET_GREY);
  }

  private static final class Parsed {
    private int layers = 2;
    private double magnitude = STRONGEST;
    private double deviation;
    private double maxMagnitude = STRONGEST;
    private double probability = 0.5;
    private boolean increasing;

    boolean set(String key, double value) {
      switch (key) {
        case "m" -> magnitude = value;
        case "n" -> layers = (int) value;
        case "p" -> probability = value;
        case "mstd" -> deviation = value > 100 ? Double.POSITIVE_INFINITY : value;
        case "mmax" -> maxMagnitude = value;
        case "inc" -> increasing = value != 0;
        default -> {
          return false;
        }
      }
      return true;
    }
  }

  private static double number(String text, String number) {
    try {
      return number.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number);
    } catch (NumberFormatException e) {
      throw problem(text, "'" + number + "' is not a number");
    }
  }

  private static BadInputException problem(String text, String problem) {
    return new BadInputException(
        "'%s' is no RandAugment configuration: %s; write one like rand-m9-mstd0.5-inc1, with m, n, p, mstd, mmax and inc"
            .formatted(text, problem));
  }

  /**
   * {@return the same with one interpolation}
   *
   * @param interpolation bilinear or bicubic
   */
  public RandAugment withInterpolation(Resampling interpolation) {
    return new RandAugment(
        layers,
        magnitude,
        deviation,
        maxMagnitude,
        probability,
        increasing,
        List.of(interpolation),
        fill);
  }

  /**
   * {@return the same with another colour beyond the edge}
   *
   * @param mean of red, green and blue on the scale 0 to 1
   */
  public RandAugment withFill(List<Double> mean) {
    int colour = 0;
    for (double channel : mean) {
      colour = colour << 8 | (int) Math.max(0, Math.min(255, Math.rint(255 * channel)));
    }
    return new RandAugment(
        layers,
        magnitude,
        deviation,
        maxMagnitude,
        probability,
        increasing,
        interpolations,
        colour);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    List<RandAugmentOp> operations = increasing ? RandAugmentOp.INCREASING : RandAugmentOp.PLAIN;
    RgbImage result = image;
    for (int layer = 0; layer < layers; layer++) {
      RandAugmentOp operation = operations.get(Draw.below(operations.size(), random));
      if (Draw.chance(probability, random)) {
        double argument = operation.argument(drawMagnitude(random), random);
        Resampling filter = interpolations.get(Draw.below(interpolations.size(), random));
        result = operation.apply(result, argument, filter, fill);
      }
    }
    return result;
  }

  double drawMagnitude(RandomGenerator random) {
    double drawn = magnitude;
    if (deviation == Double.POSITIVE_INFINITY) {
      drawn = Draw.uniform(0, magnitude, random);
    } else if (deviation > 0) {
      drawn = magnitude + deviation * Draw.gaussian(random);
    }
    return Math.max(0, Math.min(maxMagnitude, drawn));
  }
}
