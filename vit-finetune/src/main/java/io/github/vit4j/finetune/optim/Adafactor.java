package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adafactor as "Scaling Vision Transformers" modified it (Zhai et al. 2021, arXiv 2106.04560,
 * section 3.4), in the arithmetic of big_vision's {@code scale_by_adafactor}.
 *
 * <p>Of the mean squared gradient of a matrix only the means of its rows and columns are kept, and
 * the square is taken to be their product (Shazeer and Stern 2018), so that it costs next to no
 * memory. The paper adds a mean gradient (without bias correction), caps the decay of the mean
 * square, and leaves out the scaling of the rate by the parameter's norm. Its momentum is bfloat16;
 * here it is float32 unless {@link Optimizer.Builder#bfloat16Momentum} is called.
 *
 * @param momentum how much of the mean update stays each step, 0 to below 1
 * @param beta2Cap the most that may stay of the mean squared gradient, above 0 and below 1
 * @param decayExponent of {@code beta2(t) = min(cap, 1 - t^-exponent)}, t from 1
 * @param factorFrom matrices whose two longer sides are at least this long are factored
 */
public record Adafactor(double momentum, double beta2Cap, double decayExponent, int factorFrom)
    implements UpdateRule {

  /** Momentum 0.9, cap 0.999, exponent 0.8, factored from 32, as in big_vision. */
  public static final Adafactor DEFAULT = new Adafactor(0.9, 0.999, 0.8, 32);

  /** What the paper decays the weights of the body by. */
  public static final double BODY_DECAY = 0.03;

  /** What the paper decays the weights of the head by: few-shot results profit. */
  public static final double HEAD_DECAY = 3;

  private static final float TINY = 1e-30f;
  private static final String MEAN = "exp_avg";
  private static final String VARIANCE = "exp_avg_sq";
  private static final String ROWS = "exp_avg_sq_r";
  private static final String COLUMNS = "exp_avg_sq_c";

  /** Checks every value. */
  public Adafactor {
    check("a momentum", momentum, momentum >= 0 && momentum < 1, "0 to below 1");
    check("a cap", beta2Cap, beta2Cap > 0 && beta2Cap < 1, "above 0 and below 1");
    check("an exponent", decayExponent, decayExponent > 0, "above 0");
    check("a shortest side", factorFrom, factorFrom >= 2, "2 or more");
  }

  private static void check(String what, double value, boolean possible, String range) {
    if (!possible) {
      throw new BadInputException(
          "%s of %s is not possible; give %s".formatted(what, value, range));
    }
  }

  /**
   * {@return Adafactor with gradients clipped to norm 1 and the paper's decay: 3 for the head's
   * weights, 0.03 for all others of linear layers and convolutions, none for the rest; the momentum
   * is float32}
   *
   * @param parameters what to train, such as {@code vit.trainable()}
   * @param rate the base rate; the paper's is 8e-4
   */
  public static Optimizer over(List<ViTParameter> parameters, double rate) {
    return builder()
        .groups(ParameterGroups.of(parameters).weightDecay(BODY_DECAY).headDecay(HEAD_DECAY))
        .rate(rate)
        .build();
  }

  /** {@return a builder with the paper's settings and gradients clipped to norm 1} */
  public static Optimizer.Builder builder() {
    return Optimizer.by(DEFAULT).clipNorm(1);
  }

  /**
   * The axes of a factored parameter.
   *
   * @param longest its rows are those means that leave it out
   * @param second longest
   */
  private record Axes(int longest, int second) {}

  private @Nullable Axes factored(Shape shape) {
    int longest = -1;
    int second = -1;
    for (int axis = 0; axis < shape.dimension(); axis++) {
      if (longest < 0 || shape.get(axis) >= shape.get(longest)) {
        second = longest;
        longest = axis;
      } else if (second < 0 || shape.get(axis) >= shape.get(second)) {
        second = axis;
      }
    }
    return second < 0 || shape.get(second) < factorFrom ? null : new Axes(longest, second);
  }

  private static Shape without(Shape shape, int axis) {
    long[] sizes = shape.getShape().clone();
    sizes[axis] = 1;
    return new Shape(sizes);
  }

  @Override
  public Map<String, Shape> slots(ViTParameter parameter) {
    Shape shape = parameter.shape();
    Axes axes = factored(shape);
    return axes == null
        ? Map.of(MEAN, shape, VARIANCE, shape)
        : Map.of(
            MEAN, shape,
            ROWS, without(shape, axes.longest()),
            COLUMNS, without(shape, axes.second()));
  }

  @Override
  public Set<String> momentumSlots() {
    return Set.of(MEAN);
  }

  @Override
  public void apply(Update u) {
    double beta2 = Math.min(beta2Cap, 1 - Math.pow(u.step(), -decayExponent));
    Axes axes = factored(u.weight().getShape());
    NDArray square = u.gradient().square().addi(TINY);
    NDArray update =
        axes == null
            ? u.gradient().div(lerp(u.slot(VARIANCE), square, beta2).sqrt())
            : factoredUpdate(u, square, axes, beta2);
    NDArray mean = lerp(u.slot(MEAN), update, momentum);
    if (u.weightDecay() != 0) {
      u.weight().muli((float) (1 - u.rate() * u.weightDecay()));
    }
    u.weight().subi(mean.mul((float) u.rate()));
  }

  private static NDArray factoredUpdate(Update u, NDArray square, Axes axes, double beta2) {
    int[] longest = {axes.longest()};
    int[] second = {axes.second()};
    NDArray rows = lerp(u.slot(ROWS), square.mean(longest, true), beta2); // (R, C) -> (R, 1)
    NDArray columns = lerp(u.slot(COLUMNS), square.mean(second, true), beta2); // (R, C) -> (1, C)
    NDArray share = rows.div(rows.mean(second, true)).sqrt();
    return u.gradient().div(share).divi(columns.sqrt());
  }

  /** Moves {@code kept} towards {@code to}, in place. */
  private static NDArray lerp(NDArray kept, NDArray to, double stays) {
    return kept.muli((float) stays).addi(to.mul((float) (1 - stays)));
  }
}
