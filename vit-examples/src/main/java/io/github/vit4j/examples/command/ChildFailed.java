package io.github.vit4j.examples.command;

import java.io.IOException;
import java.util.Set;

/** A process that a command has started has failed. */
public final class ChildFailed extends IOException {

  private static final long serialVersionUID = 1;

  /** With these, programs of this library have said why on standard error, which is shared. */
  private static final Set<Integer> SAID = Set.of(Exit.BAD_INPUT, Exit.UNAVAILABLE, Exit.INTERNAL);

  private final int code;

  /**
   * Keeps how it ended.
   *
   * @param program that ran in it
   * @param code that it exited with
   */
  public ChildFailed(Class<?> program, int code) {
    super("the process of %s ended with exit code %d".formatted(program.getSimpleName(), code));
    this.code = code;
  }

  /** {@return the exit code of the process} */
  public int code() {
    return code;
  }

  /** {@return whether the user has read the reason already} */
  boolean isSaid() {
    return SAID.contains(code);
  }
}
