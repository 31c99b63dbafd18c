package io.github.vit4j.error;

/**
 * The one exception for bad input of any kind: an impossible configuration, a broken file, an image
 * that cannot be decoded, an option that makes no sense.
 *
 * <p>The message always says what is wrong, where (the file, the tensor, the option), and how to
 * fix it. It is an {@link IllegalArgumentException}, so code that knows nothing of this library
 * handles it as it would any other refused argument.
 */
public final class BadInputException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and how to fix it
   */
  public BadInputException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and how to fix it
   * @param cause what was thrown underneath
   */
  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
