package io.github.vit4j.zoo.checkpoint.pickle;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a class, a function, or what either would have made, none of which is ever built or
 * called.
 */
public final class Opaque {

  private final String module;
  private final String name;
  private @Nullable Object state;

  /**
   * @param module such as {@code argparse}
   * @param name such as {@code Namespace}
   */
  public Opaque(String module, String name) {
    this.module = module;
    this.name = name;
  }

  /** {@return what a call of this, or a class's instance, would have been} */
  Opaque made() {
    return new Opaque(module, name);
  }

  /** {@return module and name in Python, as the file spells them} */
  public String name() {
    return module + "." + name;
  }

  /** {@return what the object would have been given as its attributes, if anything} */
  public Optional<Object> state() {
    return Optional.ofNullable(state);
  }

  void state(Object state) {
    this.state = state;
  }
}
