package io.github.vit4j.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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

  /** Writes the values for one parameter, as many as there is room for. */
  void fill(FloatBuffer values, SplittableRandom random);

  /**
   * Normal, redrawn beyond +-2 (absolute, as torch's {@code trunc_normal_}).
   *
   * @param std deviation
   */
  record TruncatedNormal(double std) implements Init {
    @Override
    public void fill(FloatBuffer values, SplittableRandom random) {
      Gaussians gaussians = new Gaussians(random.nextLong());
      while (values.hasRemaining()) {
        double z = gaussians.next() * std;
        if (Math.abs(z) <= 2) {
          values.put((float) z);
        }
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
    public void fill(FloatBuffer values, SplittableRandom random) {
      double bound = 1 / Math.sqrt(fanIn);
      while (values.hasRemaining()) {
        values.put((float) ((2 * random.nextDouble() - 1) * bound));
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
    public void fill(FloatBuffer values, SplittableRandom random) {
      while (values.hasRemaining()) {
        values.put((float) value);
      }
    }
  }

  /**
   * Given values, such as sin-cos positions.
   *
   * @param source where they come from
   */
  record Given(Supplier<float[]> source) implements Init {
    @Override
    public void fill(FloatBuffer values, SplittableRandom random) {
      values.put(source.get());
    }
  }

  /** {@return DJL's form of this initialisation, for one parameter of one model} */
  default Initializer seeded(long seed, String path) {
    return new Seeded(this, seed, path);
  }

  /**
   * Draws straight into the engine's memory, so that no second copy is ever there; an array made
   * from Java data would count as the JVM's direct memory, which is limited. May be called by
   * several threads at once.
   *
   * @param init what to draw
   * @param seed of the model
   * @param path of the parameter
   */
  record Seeded(Init init, long seed, String path) implements Initializer {

    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType type) {
      if (manager.getDevice().equals(Device.cpu())) {
        return drawn(manager, shape, type);
      }
      try (NDManager host = manager.newSubManager(Device.cpu())) {
        NDArray array = drawn(host, shape, type).toDevice(manager.getDevice(), true);
        array.attach(manager);
        return array;
      }
    }

    private NDArray drawn(NDManager manager, Shape shape, DataType type) {
      NDArray array = manager.create(shape, DataType.FLOAT32);
      FloatBuffer values = array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
      init.fill(values, new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash(path)));
      if (type == DataType.FLOAT32) {
        return array;
      }
      try (array) {
        return array.toType(type, true);
      }
    }
  }

  private static long hash(String path) {
    long h = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < path.length(); i++) {
      h = (h ^ path.charAt(i)) * 0x100000001b3L;
    }
    return h;
  }
}
