package io.github.vit4j.examples.shapes;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.NamedPath;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Circles, squares, triangles and other shapes of random place, size, turn and colour on darker
 * ground, with noise: a task that a small model learns within minutes, without any download.
 *
 * <pre>{@code
 * DataSplits data = ShapeImages.splits(600, 32, 1);
 * }</pre>
 *
 * <p>Everything follows from the seed: the same image on every machine. Classes are of equal size
 * but for rounding; colours say nothing about them.
 */
public final class ShapeImages implements ImageDataset {

  private static final String SHAPES = "shapes";
  private static final int SHAPES_COUNT = 600;
  private static final long TRAIN = 101;
  private static final long VALIDATION = 102;
  private static final int NOISE = 50;
  private static final double MOST_TURN = Math.toRadians(20);

  private final int size;
  private final int side;
  private final long seed;
  private final long part;

  private ShapeImages(int size, int side, long seed, long part) {
    if (size < 1 || side < 8 || side > 1024) {
      throw new BadInputException(
          "%d images of %d pixels cannot be drawn; give at least 1 of 8 to 1024"
              .formatted(size, side));
    }
    this.size = size;
    this.side = side;
    this.seed = seed;
    this.part = part;
  }

  /**
   * {@return images to learn from, and a quarter as many others to measure on}
   *
   * @param train images to learn from, at least 1
   * @param side of the square images in pixels, 8 to 1024
   * @param seed everything follows from it
   * @throws BadInputException if a number is out of its range
   */
  public static DataSplits splits(int train, int side, long seed) {
    return new DataSplits(
        new ShapeImages(train, side, seed, TRAIN),
        new ShapeImages(Math.max(1, train / 4), side, seed, VALIDATION));
  }

  /**
   * {@return drawn images for who spells them as a command line does: {@code shapes}, which is 600,
   * or {@code shapes:N}; empty for any other text, and for what is there as a file or folder}
   *
   * @param data what was spelt
   * @param side of the square images in pixels, 8 to 1024
   * @throws BadInputException if the number is none, or out of its range
   */
  public static Optional<DataSplits> spelt(String data, int side) {
    if (!areSpelt(data)) {
      return Optional.empty();
    }
    try {
      int count =
          data.equals(SHAPES)
              ? SHAPES_COUNT
              : Integer.parseInt(data.substring(SHAPES.length() + 1));
      return Optional.of(splits(count, side, 1));
    } catch (NumberFormatException e) {
      throw new BadInputException(data + " does not say how many; write shapes:600", e);
    }
  }

  /**
   * {@return whether a text asks for drawn images, as {@link #spelt} does}
   *
   * @param data what was spelt
   */
  public static boolean areSpelt(String data) {
    boolean drawn = data.equals(SHAPES) || data.startsWith(SHAPES + ":");
    return drawn && NamedPath.existing(data).isEmpty();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return Arrays.stream(Figure.values()).map(f -> f.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public int label(int index) {
    return Objects.checkIndex(index, size) % Figure.values().length;
  }

  @Override
  public String name(int index) {
    return "shape-%d-%d/%05d".formatted(seed, part, Objects.checkIndex(index, size));
  }

  @Override
  public long stamp(int index) {
    return side; // all else is in the name
  }

  @Override
  public RgbImage image(int index) {
    Figure figure = Figure.values()[label(index)];
    SplittableRandom random = RandomStreams.of(seed, part, index);
    double radius = side * (0.28 + 0.12 * random.nextDouble());
    double x0 = radius + (side - 2 * radius) * random.nextDouble();
    double y0 = radius + (side - 2 * radius) * random.nextDouble();
    double turn = MOST_TURN * (2 * random.nextDouble() - 1);
    int[] ground = colour(0, 100, random);
    int[] ink = colour(130, 256, random);
    byte[] rgb = new byte[3 * side * side];
    for (int y = 0, to = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double dx = (x + 0.5 - x0) / radius;
        double dy = (y + 0.5 - y0) / radius;
        double u = dx * Math.cos(turn) + dy * Math.sin(turn);
        double v = dy * Math.cos(turn) - dx * Math.sin(turn);
        int[] colour = figure.covers(u, v) ? ink : ground;
        for (int channel = 0; channel < 3; channel++) {
          int noisy = colour[channel] + (int) (NOISE * (random.nextDouble() - 0.5));
          rgb[to++] = (byte) Math.max(0, Math.min(255, noisy));
        }
      }
    }
    return RgbImage.of(side, side, rgb);
  }

  private static int[] colour(int least, int below, SplittableRandom random) {
    return new int[] {
      random.nextInt(least, below), random.nextInt(least, below), random.nextInt(least, below)
    };
  }
}
