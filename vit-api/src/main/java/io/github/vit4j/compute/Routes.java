package io.github.vit4j.compute;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * The routes that a model computes by.
 *
 * @param linear of linear layers, or null for what {@link LinearRoute#on} says
 * @param attention of attention, or null for what {@link AttentionRoute#on} says
 * @param training what products of linear layers inside blocks are computed with in training;
 *     inference is always float32
 */
public record Routes(
    @Nullable LinearRoute linear, @Nullable AttentionRoute attention, Precision training) {

  /** Every route chosen by the device, the machine and the system properties. */
  public static final Routes AUTOMATIC = new Routes(null, null);

  /**
   * Routes of a model that trains in float32.
   *
   * @param linear of linear layers, or null for what {@link LinearRoute#on} says
   * @param attention of attention, or null for what {@link AttentionRoute#on} says
   */
  public Routes(@Nullable LinearRoute linear, @Nullable AttentionRoute attention) {
    this(linear, attention, Precision.FLOAT32);
  }

  /**
   * {@return the same routes with another precision in training}
   *
   * @param training the precision
   */
  public Routes withTraining(Precision training) {
    return new Routes(linear, attention, training);
  }

  /**
   * {@return the route of linear layers on a device; a GPU always takes the engine's own}
   *
   * @param device where the operands are
   */
  public LinearRoute linearOn(Device device) {
    return linear == null || device.isGpu() ? LinearRoute.on(device) : linear;
  }

  /**
   * {@return the route of a linear layer for an input: that on its device, unless it is too small}
   *
   * @param x the input
   */
  public LinearRoute linearFor(NDArray x) {
    return linearOn(x.getDevice()).forInput(x);
  }

  /**
   * {@return the route of attention on a device}
   *
   * @param device where the operands are
   */
  public AttentionRoute attentionOn(Device device) {
    return attention == null ? AttentionRoute.on(device) : attention;
  }
}
