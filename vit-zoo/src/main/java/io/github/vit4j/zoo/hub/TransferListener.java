package io.github.vit4j.zoo.hub;

import java.time.Duration;

/**
 * Told about downloads, on the thread that asked for the file; one that serves several threads must
 * bear their calls at once.
 */
public interface TransferListener {

  /** The first bytes are about to arrive; called once an attempt. */
  default void started(Transfer transfer) {}

  /** Some bytes arrived; called often. */
  default void advanced(Transfer transfer) {}

  /** The file is whole, verified and in its place. */
  default void finished(Transfer transfer) {}

  /**
   * An attempt failed and another follows.
   *
   * @param name the file's name
   * @param why what failed
   * @param wait how long until the next attempt
   */
  default void retrying(String name, String why, Duration wait) {}

  /**
   * The file will not come; an exception follows.
   *
   * @param name the file's name
   */
  default void failed(String name) {}

  /**
   * Another thread or process holds the file's lock, most likely because it downloads the file.
   *
   * @param name the file's name
   * @param since how long this thread has waited
   */
  default void waiting(String name, Duration since) {}

  /** Tells nobody. */
  static TransferListener silent() {
    return new TransferListener() {};
  }

  /**
   * Logs the start and the end of each download (SLF4J, info), and on a terminal draws a bar on the
   * standard error stream once a download has taken two seconds.
   */
  static TransferListener standard() {
    return new StandardListener(ProgressBar.onTerminal());
  }

  /** Logs as {@link #standard} does, without the bar. */
  static TransferListener logging() {
    return new StandardListener(ProgressBar.none());
  }
}
