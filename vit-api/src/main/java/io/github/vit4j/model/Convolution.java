package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.config.StemLayer;
import org.jspecify.annotations.Nullable;

/** A square two-dimensional convolution of a stem. */
final class Convolution extends Part {

  private static final Shape NO_DILATION = new Shape(1, 1);

  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final Shape stride;
  private final Shape padding;

  Convolution(StemLayer layer) {
    stride = new Shape(layer.stride(), layer.stride());
    padding = new Shape(layer.padding(), layer.padding());
    long in = layer.in();
    long out = layer.out();
    long kernel = layer.kernel();
    Init init = new Init.Uniform(in * kernel * kernel);
    weight = weight("weight", Parameter.Type.WEIGHT, Role.STEM, init, out, in, kernel, kernel);
    bias = layer.bias() ? weight("bias", Parameter.Type.BIAS, Role.STEM, init, out) : null;
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    NDArray b = bias == null ? null : pass.get(bias, x);
    return x.getNDArrayInternal()
        .convolution(x, pass.get(weight, x), b, stride, padding, NO_DILATION, 1)
        .singletonOrThrow(); // (B, in, H, W) -> (B, out, H/stride, W/stride)
  }
}
