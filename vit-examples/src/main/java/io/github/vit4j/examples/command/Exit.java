package io.github.vit4j.examples.command;

/** The codes that commands exit with. */
public final class Exit {

  /** All is well. */
  public static final int DONE = 0;

  /** The answer is bad: a check failed, or images were broken. */
  public static final int BAD_RESULT = 1;

  /** The input is bad. */
  public static final int BAD_INPUT = 2;

  /** A file could not be downloaded: EX_UNAVAILABLE of sysexits.h. */
  public static final int UNAVAILABLE = 69;

  /** An error inside the program: EX_SOFTWARE of sysexits.h. */
  public static final int INTERNAL = 70;

  private Exit() {}
}
