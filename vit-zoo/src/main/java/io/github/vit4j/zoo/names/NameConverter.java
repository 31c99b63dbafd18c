package io.github.vit4j.zoo.names;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;

/**
 * The parameter names of one family of checkpoints.
 *
 * <p>A converter is a bijection: a model's values written under its names and read back are the
 * same, bit for bit, and so is a file's content that was read into a model and written again.
 * {@link NameConverters} has one for each family. They have no state and may be shared by threads.
 */
public interface NameConverter {

  /**
   * {@return the family's name, such as {@code timm}; {@link NameConverters#families} lists them}
   */
  String family();

  /**
   * {@return which tensors of a file hold a model's parameters, and how they are laid out there}
   *
   * @param model an architecture; it needs no values
   * @throws BadInputException if the family has no name for some parameter of the model
   */
  TensorMap map(VisionTransformer model);

  /**
   * {@return {@link #map} for reading alone: a parameter that the family has no name for, because
   * whatever it describes has zeros there, is zero}
   *
   * @param model an architecture; it needs no values
   * @throws BadInputException if the family has no name for some other parameter of the model
   */
  default TensorMap mapForReading(VisionTransformer model) {
    return map(model);
  }
}
