package io.github.vit4j.compiled;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.torchscript.ScriptArchive;
import io.github.vit4j.torchscript.ScriptModule;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A model as an inference program: the same logits as the block's but for rounding, faster.
 *
 * <pre>{@code
 * try (CompiledViT fast = vit.compile()) {
 *   NDArray logits = fast.logits(images);
 * }
 * }</pre>
 *
 * <p>Java writes the program as a TorchScript archive, with the weights as they are at that moment;
 * the model is not needed afterwards, and training it further changes nothing here. Norms' factors,
 * LayerScale, the scale of queries and BatchNorm are folded into the products beside them, parallel
 * branches into one wide one, weights are packed into oneDNN's layout, GELU and the residual sum
 * are part of a product, attention is one operator, and after the last block only the tokens that
 * are read are computed. There is no dropout or stochastic depth in it, and no gradient.
 *
 * <p>Any number of threads and predictors may use it at once, and share its weights. Batches may be
 * of any size; images of the size that the model was built for.
 */
public final class CompiledViT implements AutoCloseable {

  private final ViTConfig config;
  private final CompileOptions options;
  private final ScriptModule module;
  private final Portions portions;
  private final String source;

  private CompiledViT(
      ViTConfig config,
      CompileOptions options,
      ScriptModule module,
      Portions portions,
      String source) {
    this.config = config;
    this.options = options;
    this.module = module;
    this.portions = portions;
    this.source = source;
  }

  /**
   * Compiles a model. Callers with a block write {@code vit.compile(options)}.
   *
   * @param config the architecture
   * @param weights its parameters by path, which are read and not kept
   * @param device where it runs
   * @param options how
   * @return the program; the caller closes it
   * @throws BadInputException if the device does not exist, or the processor has no bfloat16
   */
  public static CompiledViT of(
      ViTConfig config, Function<String, NDArray> weights, Device device, CompileOptions options) {
    Devices.require(device);
    options.precision().require(device, "compile with CompileOptions.float32()");
    boolean packed = options.packed() && !device.isGpu() && OneDnn.packs();
    if (options.quantized() && !packed) {
      throw new BadInputException(
          "weights of 8 bits need oneDNN on a processor; compile with CompileOptions.float32()");
    }
    Program.Form form = form(options);
    Dialect dialect = packed ? Dialect.PACKED : Dialect.PORTABLE;
    try (NDManager scope = NDManager.newBaseManager(device, "PyTorch")) {
      Program program = new Program(config, new Folding(scope, weights), dialect, form);
      ProgramWriter.write(program);
      ScriptArchive archive = program.finish();
      ScriptModule module = ScriptModule.loadForInference(archive, device);
      if (program.needsPreparation()) {
        prepare(module, scope);
      }
      Portions portions =
          packed && form == Program.Form.FLOAT32 ? Portions.of(config) : Portions.WHOLE;
      return new CompiledViT(config, options, module, portions, archive.source());
    }
  }

  private static Program.Form form(CompileOptions options) {
    if (options.quantized()) {
      return Program.Form.INT8;
    }
    return options.precision() == Precision.BFLOAT16 ? Program.Form.BFLOAT16 : Program.Form.FLOAT32;
  }

  private static void prepare(ScriptModule module, NDManager scope) {
    try {
      module.infer("prepare", scope.zeros(new Shape(1)));
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  /**
   * Saves a model as a TorchScript file for DJL, libtorch or Python, made of operators that every
   * libtorch since 2.1 has: {@code forward(images)} gives logits (pooled features without a head),
   * {@code pooled(images)} the features. Callers with a block write {@code vit.exportTorchScript}.
   *
   * @param config the architecture
   * @param weights its parameters by path
   * @param file where to; an existing file is replaced once the new one is complete
   * @throws BadInputException if the file cannot be written
   */
  public static void export(ViTConfig config, Function<String, NDArray> weights, Path file) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Folding folding = new Folding(scope, weights);
      Program program = new Program(config, folding, Dialect.PORTABLE, Program.Form.TRAINABLE);
      ProgramWriter.write(program);
      program.finish().save(file);
    }
  }

  /** {@return the architecture} */
  public ViTConfig config() {
    return config;
  }

  /** {@return how it was compiled} */
  public CompileOptions options() {
    return options;
  }

  /** {@return the program's source, for whoever wants to read it} */
  public String source() {
    return source;
  }

  /**
   * {@return the logits (B, classes), or the pooled features of a model without a head; belong to
   * the manager of the images}
   *
   * @param images (B, C, H, W), float32
   * @throws BadInputException if they are of another shape or type
   */
  public NDArray logits(NDArray images) {
    return run("forward", images);
  }

  /**
   * {@return the pooled features (B, D), which the head reads; belong to the manager of the images}
   *
   * @param images (B, C, H, W), float32
   * @throws BadInputException if they are of another shape or type
   */
  public NDArray pooled(NDArray images) {
    return run("pooled", images);
  }

  private NDArray run(String method, NDArray images) {
    Shape shape = images.getShape();
    boolean fits =
        images.getDataType() == DataType.FLOAT32
            && shape.dimension() == 4
            && shape.get(0) > 0
            && shape.get(1) == config.channels()
            && shape.get(2) == config.imageHeight()
            && shape.get(3) == config.imageWidth();
    if (!fits) {
      throw new BadInputException(
          "input of shape %s and type %s does not fit; this program was compiled for float32"
                  .formatted(shape, images.getDataType())
              + " (B, %d, %d, %d), B at least 1: resize the images, or compile the model that"
                  .formatted(config.channels(), config.imageHeight(), config.imageWidth())
              + " resizedTo(manager, height, width) gives");
    }
    return portions.run(images, part -> module.infer(method, part));
  }

  /**
   * {@return a block for DJL's {@code Model.setBlock}, images in and logits out; it lives as long
   * as this program}
   */
  public Block block() {
    return new CompiledBlock(this);
  }

  @Override
  public void close() {
    module.close();
  }
}
