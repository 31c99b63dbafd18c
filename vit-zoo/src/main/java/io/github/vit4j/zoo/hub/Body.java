package io.github.vit4j.zoo.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, taken buffer by buffer.
 *
 * <p>The JDK's own stream of a body has no read time-out and on Java 17 swallows interrupts; this
 * has both. Nothing is asked of the connection before what came has been taken, so memory stays
 * bounded however fast the server is.
 */
final class Body implements BodySubscriber<Body>, AutoCloseable {

  /** What the connection's thread hands over: buffers, or the end with or without an error. */
  private record Event(List<ByteBuffer> buffers, boolean last, @Nullable Throwable error) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> taken = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;
  private boolean ended;

  /** The pause in a body was longer than allowed. */
  static final class Stalled extends IOException {
    private static final long serialVersionUID = 1L;

    Stalled(Duration pause) {
      super("no byte came for " + pause.toMillis() + " ms");
    }
  }

  /**
   * The next bytes, or null at the end.
   *
   * @throws Stalled if none come in the time given
   * @throws IOException if the connection breaks, or ends before the body does
   */
  @Nullable ByteBuffer next(Duration patience) throws IOException, InterruptedException {
    while (taken.isEmpty()) {
      if (ended) {
        return null;
      }
      Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new Stalled(patience);
      }
      if (event.error() != null) {
        throw new IOException(messageOf(event.error()), event.error());
      }
      taken.addAll(event.buffers());
      ended = event.last();
      if (!ended) {
        request();
      }
    }
    return taken.poll();
  }

  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription started) {
    boolean cancel;
    synchronized (this) {
      subscription = started;
      cancel = closed;
    }
    if (cancel) {
      started.cancel();
    } else {
      started.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event(buffers, false, null));
  }

  @Override
  public void onError(Throwable error) {
    events.add(new Event(List.of(), true, error));
  }

  @Override
  public void onComplete() {
    events.add(new Event(List.of(), true, null));
  }

  /** Breaks the transfer off if it is not over. */
  @Override
  public void close() {
    Flow.Subscription running;
    synchronized (this) {
      closed = true;
      running = subscription;
    }
    if (running != null) {
      running.cancel();
    }
  }

  private void request() {
    Flow.Subscription running;
    synchronized (this) {
      running = subscription;
    }
    if (running != null) {
      running.request(1);
    }
  }

  private static String messageOf(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}
