package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.torchscript.ScriptArchive;
import io.github.vit4j.torchscript.ScriptModule;

/**
 * Numbers kept in two bytes each, the upper half of a float32.
 *
 * <p>DJL's Java API ends the process where it meets an array of the engine's bfloat16. Java
 * therefore sees bytes, two a number along the last axis, and only a TorchScript module of a few
 * lines sees them as numbers. It converts and does not compute, which every processor can do.
 */
final class Bfloat16 {

  private Bfloat16() {}

  /** Loaded by the first that converts; it has no tensors and serves every device. */
  private static final class Kernel {

    static final ScriptModule MODULE = ScriptModule.load(archive());

    private Kernel() {}

    /** 15 and 6 are the engine's numbers of bfloat16 and float32. */
    private static ScriptArchive archive() {
      ScriptArchive archive = new ScriptArchive("Bfloat16");
      archive.method(
          """
          def widened(self, packed: Tensor) -> Tensor:
            return torch.to(torch.view_copy(packed, dtype=15), 6)
          def pack(self, packed: Tensor, values: Tensor) -> Tensor:
            _0 = torch.view_copy(torch.to(values, 15), dtype=0)
            return torch.copy_(packed, _0)
          """);
      return archive;
    }
  }

  /** {@return the shape of the bytes, (..., n) -> (..., 2n)} */
  static Shape packed(Shape shape) {
    if (shape.dimension() == 0) {
      return new Shape(2);
    }
    long[] sizes = shape.getShape().clone();
    sizes[sizes.length - 1] *= 2;
    return new Shape(sizes);
  }

  /** {@return the numbers as float32, of the shape, owned by the manager of {@code packed}} */
  static NDArray widened(NDArray packed, Shape shape) {
    return Kernel.MODULE.call("widened", packed).reshape(shape); // reshape makes () of (1)
  }

  /** Rounds float32 numbers to the nearest, ties to even, into memory that is there. */
  static void pack(NDArray packed, NDArray values) {
    boolean scalar = values.getShape().dimension() == 0;
    Kernel.MODULE.call("pack", packed, scalar ? values.reshape(1) : values);
  }
}
