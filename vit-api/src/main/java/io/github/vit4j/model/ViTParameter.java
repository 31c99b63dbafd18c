package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * One parameter of a Vision Transformer, and where it stands.
 *
 * @param path its path, in timm's words, such as {@code blocks.3.attns.1.attn.qkv.weight}; branches
 *     are always numbered, also when there is only one
 * @param role what it is for
 * @param block index of its block, or -1 outside the encoder
 * @param branch index of its branch within the block, or -1 outside the encoder
 * @param parameter DJL's parameter
 */
public record ViTParameter(String path, Role role, int block, int branch, Parameter parameter) {

  /** {@return its shape, known before the model is initialised} */
  public Shape shape() {
    return parameter.getShape();
  }

  /**
   * {@return its values, which belong to the manager that the model was initialised with}
   *
   * @throws ai.djl.nn.UninitializedParameterException if the model has no values yet
   */
  public NDArray array() {
    return parameter.getArray();
  }

  /** {@return how many numbers it holds} */
  public long size() {
    return shape().size();
  }

  /** {@return whether it is a running statistic of BatchNorm, which no gradient moves} */
  public boolean isBuffer() {
    Parameter.Type type = parameter.getType();
    return type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
  }
}
