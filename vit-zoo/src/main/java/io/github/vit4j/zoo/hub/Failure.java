package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt that failed, before anyone has decided whether to try again. */
final class Failure extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final int status;
  private final boolean again;
  private final @Nullable Duration after;
  private final String remedy;
  private final @Nullable URI address;

  private Failure(
      Reason reason,
      int status,
      boolean again,
      @Nullable Duration after,
      String why,
      String remedy,
      @Nullable URI address,
      @Nullable Throwable cause) {
    super(why, cause);
    this.reason = reason;
    this.status = status;
    this.again = again;
    this.after = after;
    this.remedy = remedy;
    this.address = address;
  }

  /** What may be over by the next attempt: a broken connection, a time-out. */
  static Failure passing(URI address, String why, @Nullable Throwable cause) {
    return new Failure(
        Reason.NETWORK,
        0,
        true,
        null,
        why,
        "check the connection and the proxy settings (-Dhttps.proxyHost, -Dhttps.proxyPort)",
        address,
        cause);
  }

  /** What a further attempt would not change. */
  static Failure lasting(Reason reason, @Nullable URI address, String why, String remedy) {
    return new Failure(reason, 0, false, null, why, remedy, address, null);
  }

  static Failure lasting(
      Reason reason, @Nullable URI address, String why, String remedy, Throwable cause) {
    return new Failure(reason, 0, false, null, why, remedy, address, cause);
  }

  /** Bytes that are not the file; a fresh start may bring the right ones. */
  static Failure corrupt(URI address, String why) {
    return new Failure(
        Reason.CORRUPT,
        0,
        true,
        null,
        why,
        "nothing of it was kept; try again later or use another mirror",
        address,
        null);
  }

  /** An HTTP status that is no success. */
  static Failure status(
      Reason reason,
      int status,
      boolean again,
      @Nullable Duration after,
      URI address,
      String why,
      String remedy) {
    return new Failure(reason, status, again, after, why, remedy, address, null);
  }

  Reason reason() {
    return reason;
  }

  int status() {
    return status;
  }

  boolean again() {
    return again;
  }

  /** How long the server asked to be left alone. */
  @Nullable Duration after() {
    return after;
  }

  /** Whether what is cached may stand in, as the server told nothing about the file itself. */
  boolean saysNothingOfTheFile() {
    return reason == Reason.NETWORK || reason == Reason.DENIED;
  }

  /** The same with better advice. */
  Failure withRemedy(String better) {
    Failure same =
        new Failure(
            reason,
            status,
            again,
            after,
            String.valueOf(getMessage()),
            better,
            address,
            getCause());
    same.setStackTrace(getStackTrace());
    return same;
  }

  /** The exception for the caller. */
  HubException asException(String what) {
    String from = address == null ? "" : " from " + Shown.address(address);
    String advice = remedy.isEmpty() ? "" : "; " + remedy;
    String text = "cannot fetch " + what + from + ": " + getMessage() + advice;
    return new HubException(reason, status, text, this);
  }
}
