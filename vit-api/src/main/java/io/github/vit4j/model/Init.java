package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * How the references initialise: truncated normal of deviation .02 for projections, embeddings and
 * tokens; zeros for biases; PyTorch's uniform default for convolutions, which timm and DeiT leave
 * as it is.
 *
 * <p>Each parameter draws from its own stream, made of the seed and its path, so its values do not
 * depend on what else the model has, nor on the engine.
 */
sealed interface Init {

  /** The deviation that both references use. */
  double STD = 0.02;

  /** The values for one parameter. */
  void fill(float[] values, SplittableRandom random);

  /**
   * Normal, redrawn beyond +-2 (absolute, as torch's {@code trunc_normal_}).
   *
   * @param std deviation
   */
  record TruncatedNormal(double std) implements Init {
    @Override
    public void fill(float[] values, SplittableRandom random) {
      Random gaussian = new Random(random.nextLong());
      for (int i = 0; i < values.length; i++) {
        double z = gaussian.nextGaussian() * std;
        while (Math.abs(z) > 2) {
          z = gaussian.nextGaussian() * std;
        }
        values[i] = (float) z;
      }
    }
  }

  /**
   * Uniform on +-1/sqrt(fanIn): PyTorch's default for a convolution's weight and bias.
   *
   * @param fanIn inputs of one output
   */
  record Uniform(long fanIn) implements Init {
    @Override
    public void fill(float[] values, SplittableRandom random) {
      double bound = 1 / Math.sqrt(fanIn);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    }
  }

  /**
   * One value everywhere.
   *
   * @param value the value
   */
  record Constant(double value) implements Init {
    @Override
    public void fill(float[] values, SplittableRandom random) {
      Arrays.fill(values, (float) value);
    }
  }

  /**
   * Given values, such as sin-cos positions.
   *
   * @param source where they come from
   */
  record Given(Supplier<float[]> source) implements Init {
    @Override
    public void fill(float[] values, SplittableRandom random) {
      System.arraycopy(source.get(), 0, values, 0, values.length);
    }
  }

  /** {@return DJL's form of this initialisation, for one parameter of one model} */
  default Initializer seeded(long seed, String path) {
    return (NDManager manager, Shape shape, DataType type) -> {
      float[] values = new float[Math.toIntExact(shape.size())];
      fill(values, new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash(path)));
      NDArray array = manager.create(values, shape);
      if (type == DataType.FLOAT32) {
        return array;
      }
      try (array) {
        return array.toType(type, true);
      }
    };
  }

  private static long hash(String path) {
    long h = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < path.length(); i++) {
      h = (h ^ path.charAt(i)) * 0x100000001b3L;
    }
    return h;
  }
}
