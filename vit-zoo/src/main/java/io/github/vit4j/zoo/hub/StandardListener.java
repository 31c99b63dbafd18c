package io.github.vit4j.zoo.hub;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs downloads and moves the bar. */
final class StandardListener implements TransferListener {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.vit4j.zoo.hub");

  private final ProgressBar bar;

  StandardListener(ProgressBar bar) {
    this.bar = bar;
  }

  @Override
  public void started(Transfer transfer) {
    String size = transfer.total() < 0 ? "size unknown" : Shown.bytes(transfer.total());
    if (transfer.resumedFrom() > 0) {
      String from = Shown.bytes(transfer.resumedFrom());
      LOG.info("downloading {} ({}), {} were already here", transfer.name(), size, from);
    } else {
      LOG.info("downloading {} ({})", transfer.name(), size);
    }
    bar.start(transfer);
  }

  @Override
  public void advanced(Transfer transfer) {
    bar.advance(transfer);
  }

  @Override
  public void finished(Transfer transfer) {
    bar.end();
    LOG.info("downloaded {} ({})", transfer.name(), Shown.bytes(transfer.bytes()));
  }

  @Override
  public void retrying(String name, String why, Duration wait) {
    bar.end();
    LOG.warn("downloading {}: {}; trying again in {} ms", name, why, wait.toMillis());
  }

  @Override
  public void failed(String name) {
    bar.end();
  }

  @Override
  public void waiting(String name, Duration since) {
    LOG.info(
        "waiting for another thread or process that downloads {} ({} s so far)",
        name,
        since.toSeconds());
  }
}
