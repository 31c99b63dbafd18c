package io.github.vit4j.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** The product of a linear layer, {@code y = x W' + b}, differentiable on every route. */
public final class LinearProduct {

  private static final Shape ONE = new Shape(1, 1);
  private static final Shape ZERO = new Shape(0, 0);

  /**
   * There is nothing to dilate in a kernel of one pixel, but with a single thread and fewer than 16
   * images the engine leaves only dilated convolutions to oneDNN.
   */
  private static final Shape DILATION = new Shape(2, 2);

  private LinearProduct() {}

  /**
   * {@return the product, by the route that suits the device and the size of the input}
   *
   * @param x input of shape (B, K) or (B, T, K)
   * @param weight of shape (N, K)
   * @param bias of shape (N), or null
   */
  public static NDArray of(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return of(x, weight, bias, LinearRoute.on(x.getDevice()).forInput(x));
  }

  /**
   * {@return the product, by a given route, whatever the size; only where there is nothing to
   * compute it is the engine's}
   *
   * @param x input of shape (B, K) or (B, T, K)
   * @param weight of shape (N, K)
   * @param bias of shape (N), or null
   * @param route the route; {@link LinearRoute#forInput} knows which is worth its while
   */
  public static NDArray of(NDArray x, NDArray weight, @Nullable NDArray bias, LinearRoute route) {
    LinearRoute possible = x.isEmpty() ? LinearRoute.ENGINE : route;
    return switch (possible) {
      case ENGINE -> x.getNDArrayInternal().linear(x, weight, bias).singletonOrThrow();
      case ONEDNN -> pointwiseConvolution(x, weight, bias);
    };
  }

  /** Every step but the convolution is a view: tokens in a row are pixels stored channels-last. */
  private static NDArray pointwiseConvolution(NDArray x, NDArray weight, @Nullable NDArray bias) {
    long n = weight.getShape().get(0);
    long k = weight.getShape().get(1);
    Shape in = x.getShape();
    boolean tokens = in.dimension() == 3;
    long batch = tokens ? in.get(0) : 1;
    long rowsOfOne = tokens ? in.get(1) : in.get(0);
    NDManager caller = x.getManager();
    try (NDManager scope = caller.newSubManager()) {
      NDArray rows = x.reshape(1, batch, rowsOfOne, k);
      rows.attach(scope);
      NDArray image = rows.transpose(0, 3, 1, 2); // (1, B, T, K) -> (1, K, B, T)
      NDArray kernel = weight.reshape(n, k, 1, 1);
      kernel.attach(scope);
      NDArray out =
          image
              .getNDArrayInternal()
              .convolution(image, kernel, bias, ONE, ZERO, DILATION, 1)
              .singletonOrThrow();
      NDArray y = out.transpose(0, 2, 3, 1); // (1, N, B, T) -> (1, B, T, N)
      NDArray result = tokens ? y.reshape(batch, rowsOfOne, n) : y.reshape(rowsOfOne, n);
      result.attach(caller);
      return result;
    }
  }
}
