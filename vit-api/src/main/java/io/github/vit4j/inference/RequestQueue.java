package io.github.vit4j.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue that hands out batches, and can be closed on both ends. */
final class RequestQueue<R> {

  private final int capacity;
  private final int maxBatch;
  private final int full;
  private final long maxWaitNanos;

  /** Fair, or a caller that waits for room could be overtaken for ever. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final Deque<Waiting<R>> waiting = new ArrayDeque<>();
  private boolean closed;

  private record Waiting<R>(Request<R> request, long since) {}

  RequestQueue(int capacity, int maxBatch, long maxWaitNanos) {
    this.capacity = capacity;
    this.maxBatch = maxBatch;
    full = Math.min(maxBatch, capacity);
    this.maxWaitNanos = maxWaitNanos;
  }

  /** Waits for room. */
  void put(Request<R> request) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && waiting.size() >= capacity) {
        room.await();
      }
      add(request);
    } finally {
      lock.unlock();
    }
  }

  /** Whether there was room. */
  boolean offer(Request<R> request) {
    lock.lock();
    try {
      if (!closed && waiting.size() >= capacity) {
        return false;
      }
      add(request);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void add(Request<R> request) {
    requireOpen();
    waiting.add(new Waiting<>(request, System.nanoTime()));
    if (waiting.size() == 1 || waiting.size() >= full) {
      work.signal();
    }
  }

  void requireOpen() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the batching predictor is closed");
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the first request, then until a batch is full or the first has waited long enough.
   *
   * @return the batch; empty only after {@link #close}, when nothing is left
   */
  List<Request<R>> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        work.await();
      }
      while (!closed && waiting.size() < full) {
        long left = waiting.element().since() + maxWaitNanos - System.nanoTime();
        if (left <= 0) {
          break;
        }
        work.awaitNanos(left);
      }
      return remove(maxBatch);
    } finally {
      lock.unlock();
    }
  }

  /** Takes out whatever waits. */
  List<Request<R>> takeAll() {
    lock.lock();
    try {
      return remove(Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  private List<Request<R>> remove(int most) {
    List<Request<R>> batch = new ArrayList<>();
    while (batch.size() < most && !waiting.isEmpty()) {
      batch.add(waiting.remove().request());
    }
    room.signalAll();
    return batch;
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on; what waits can still be taken, without patience. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
