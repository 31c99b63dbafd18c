package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the model: a DJL block that knows the role and the path of each of its parameters.
 *
 * <p>Parameter shapes follow from the configuration, so they are known before any input is seen.
 */
abstract class Part extends AbstractBlock {

  private record Weight(Role role, Init init, Parameter parameter) {}

  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final Map<String, Part> parts = new LinkedHashMap<>();

  /** What the part computes; everything it returns belongs to the manager of {@code x}. */
  abstract NDArray apply(Pass pass, NDArray x);

  final Parameter weight(String name, Parameter.Type type, Role role, Init init, long... shape) {
    boolean statistic = type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
    Parameter parameter =
        addParameter(
            Parameter.builder()
                .setName(name)
                .setType(type)
                .optShape(new Shape(shape))
                .optRequiresGrad(!statistic)
                .build());
    weights.put(name, new Weight(role, init, parameter));
    return parameter;
  }

  final <P extends Part> P part(String name, P part) {
    parts.put(name, addChildBlock(name, part));
    return part;
  }

  /** A part that only groups: its parameters' paths stand as if they were this part's own. */
  final <P extends Part> P inlined(String name, P part) {
    addChildBlock(name, part);
    parts.put("", part);
    return part;
  }

  /** Takes a part out again, as if it had never been added. */
  final void remove(Part part) {
    parts.values().remove(part);
    for (int i = children.size() - 1; i >= 0; i--) {
      if (children.valueAt(i) == part) {
        children.remove(children.keyAt(i));
      }
    }
  }

  /** Whether anything in this part takes a gradient. */
  final boolean learns() {
    return getParameters().values().stream().anyMatch(Parameter::requiresGradient);
  }

  /** The index of the block that this part is, or -1 where it is none. */
  int blockIndex() {
    return -1;
  }

  /** The index of the branch that this part is, or -1 where it is none. */
  int branchIndex() {
    return -1;
  }

  /** Visits the parameters in the data's order and hands each its own stream of the seed. */
  final void collect(String prefix, int block, int branch, long seed, List<ViTParameter> into) {
    int inBlock = Math.max(block, blockIndex());
    int inBranch = Math.max(branch, branchIndex());
    weights.forEach(
        (name, weight) -> {
          String path = prefix + name;
          weight.parameter.setInitializer(weight.init.seeded(seed, path));
          into.add(new ViTParameter(path, weight.role, inBlock, inBranch, weight.parameter));
        });
    parts.forEach(
        (name, part) ->
            part.collect(
                name.isEmpty() ? prefix : prefix + name + ".", inBlock, inBranch, seed, into));
  }

  @Override
  protected final void initializeChildBlocks(
      NDManager manager, DataType dataType, Shape... inputShapes) {
    for (Part part : parts.values()) {
      part.initialize(manager, dataType, inputShapes);
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    return new NDList(apply(Pass.of(store, training), inputs.singletonOrThrow()));
  }

  /** Most parts keep the shape of their input. */
  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
