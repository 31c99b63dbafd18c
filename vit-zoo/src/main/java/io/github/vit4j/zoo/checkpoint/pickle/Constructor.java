package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;

/** One of the few names in a pickle that may be called: makes plain data of plain data. */
@FunctionalInterface
public interface Constructor {

  /**
   * Makes a value.
   *
   * @param arguments as the pickle gives them, of any kind and number
   * @return the value
   * @throws BadInputException if the arguments are not what they must be
   */
  Object make(Sequence arguments);
}
