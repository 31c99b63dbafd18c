package io.github.vit4j.zoo.hub;

/**
 * A file could not be brought, or may not be used: says what, from where, why, and what helps.
 *
 * <p>Addresses in the message carry neither a token nor the query of a signed link.
 */
public final class HubException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, for code that reacts to it. */
  public enum Reason {
    /** The file is not there and offline mode forbids asking for it. */
    OFFLINE,
    /** The server has no such file, revision or repository. */
    NOT_FOUND,
    /** The server wants a token, another token, or a licence accepted. */
    DENIED,
    /** The server could not be reached, did not answer in time, or answered with an error. */
    NETWORK,
    /** What came, or what lies there, is not what it should be. */
    CORRUPT,
    /** The disk is full, or the folder cannot be written. */
    DISK,
    /** The thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED
  }

  private final Reason reason;
  private final int status;

  HubException(Reason reason, int status, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.status = status;
  }

  HubException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.status = 0;
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }

  /** The HTTP status behind it, or 0 where there was none. */
  public int status() {
    return status;
  }
}
