package io.github.vit4j.compiled;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.vit4j.error.BadInputException;
import org.jspecify.annotations.Nullable;

/** A program as DJL sees it: no parameters, inference only. */
final class CompiledBlock extends AbstractBlock {

  private final CompiledViT program;

  CompiledBlock(CompiledViT program) {
    this.program = program;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    if (training) {
      throw new BadInputException(
          "a compiled model cannot be trained; train the VisionTransformer and compile it again");
    }
    return new NDList(program.logits(inputs.singletonOrThrow()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    int classes = program.config().classes();
    long outputs = classes > 0 ? classes : program.config().pooledWidth();
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
