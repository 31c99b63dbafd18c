package io.github.vit4j.zoo.checkpoint.pickle;

/** The allow-list: what each name in a pickle stands for. */
@FunctionalInterface
public interface Globals {

  /**
   * Looks a name up.
   *
   * @param module as the file spells it
   * @param name within the module
   * @return a {@link Constructor}, a plain value, or, for a name that is not known, an {@link
   *     Opaque}
   */
  Object find(String module, String name);
}
