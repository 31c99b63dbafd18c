package io.github.vit4j.finetune.optim;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import java.util.List;

/**
 * Parameters that an optimiser treats alike.
 *
 * @param parameters the parameters
 * @param rateScale what the learning rate is multiplied by
 * @param weightDecay the weight decay
 */
public record ParameterGroup(List<ViTParameter> parameters, double rateScale, double weightDecay) {

  /** Copies the list and checks the numbers. */
  public ParameterGroup {
    parameters = List.copyOf(parameters);
    requireFinite("the scale of the learning rate", rateScale);
    requireFinite("the weight decay", weightDecay);
  }

  static void requireFinite(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "%s is %s; give a finite number that is not negative".formatted(what, value));
    }
  }
}
