package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;

/** What lies outside the pickle and is referred to by an identifier. */
@FunctionalInterface
public interface PersistentIds {

  /**
   * Resolves an identifier.
   *
   * @param id as the pickle gives it, of any kind
   * @return what it stands for
   * @throws BadInputException if it is not an identifier
   */
  Object load(Object id);
}
