package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;

/**
 * The model's weights, folded into fewer: what only scales or shifts a product's input or output is
 * multiplied into the product once. Everything made here belongs to one manager.
 */
final class Folding {

  /** A product's weight (out, in) and bias (out). */
  record Product(NDArray weight, NDArray bias) {}

  private final NDManager manager;
  private final Function<String, NDArray> weights;

  Folding(NDManager manager, Function<String, NDArray> weights) {
    this.manager = manager;
    this.weights = weights;
  }

  NDManager manager() {
    return manager;
  }

  /** A parameter by its path, as float32, without its gradient. */
  NDArray get(String path) {
    NDArray alias = weights.apply(path).stopGradient();
    alias.attach(manager);
    NDArray here = alias.toDevice(manager.getDevice(), false);
    here.attach(manager);
    return here.toType(DataType.FLOAT32, false);
  }

  /** A linear layer as it is; a bias that is not there is zero. */
  Product linear(String path, boolean biased) {
    NDArray weight = get(path + ".weight");
    return new Product(weight, biased ? get(path + ".bias") : zeros(weight.getShape().get(0)));
  }

  NDArray zeros(long size) {
    return manager.zeros(new Shape(size));
  }

  /** {@code (x * gamma + beta) W' + b} as one product of x. */
  Product afterNorm(Product product, NDArray gamma, NDArray beta) {
    NDArray shift = product.weight.matMul(beta.reshape(-1, 1)).reshape(-1);
    return new Product(product.weight.mul(gamma), product.bias.add(shift));
  }

  /** {@code (x W' + b) * gamma} as one product. */
  Product scaled(Product product, NDArray gamma) {
    return new Product(product.weight.mul(gamma.reshape(-1, 1)), product.bias.mul(gamma));
  }

  /** {@code (x W' + b) * factor} as one product. */
  Product times(Product product, double factor) {
    return new Product(product.weight.mul(factor), product.bias.mul(factor));
  }

  /** Products of one input, side by side: (out1 + out2 + ..., in). */
  Product beside(Iterable<Product> products) {
    NDList tops = new NDList();
    NDList biases = new NDList();
    for (Product product : products) {
      tops.add(product.weight);
      biases.add(product.bias);
    }
    return new Product(NDArrays.concat(tops, 0), NDArrays.concat(biases, 0));
  }

  /** The sum of products of several inputs, as one product of the inputs side by side. */
  Product summed(Iterable<Product> products) {
    NDList columns = new NDList();
    NDArray bias = null;
    for (Product product : products) {
      columns.add(product.weight);
      bias = bias == null ? product.bias : bias.add(product.bias);
    }
    NDArray weight = NDArrays.concat(columns, 1);
    return new Product(weight, bias == null ? zeros(weight.getShape().get(0)) : bias);
  }

  /** Some of a product's outputs. */
  Product rows(Product product, long from, long to) {
    return new Product(product.weight.get("{}:{}", from, to), product.bias.get("{}:{}", from, to));
  }
}
