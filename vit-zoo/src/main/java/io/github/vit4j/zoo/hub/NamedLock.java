package io.github.vit4j.zoo.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One holder at a time among all threads and all Java processes on a machine.
 *
 * <p>The operating system drops the lock of a process that dies, so a lock file that was left
 * behind blocks nobody, and none is ever deleted: deleting one that somebody waits for would give
 * two holders.
 */
final class NamedLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NamedLock.class);
  private static final long FIRST_POLL_MILLIS = 10;
  private static final long LONGEST_POLL_MILLIS = 200;
  private static final Duration SAY_EVERY = Duration.ofSeconds(5);

  /** Threads first meet here: on most systems a file lock belongs to the whole process. */
  private static final Map<Path, Turn> TURNS = new HashMap<>();

  private static final class Turn {
    private final Semaphore free = new Semaphore(1, true);
    private int users;
  }

  private final Path file;
  private final Turn turn;
  private @Nullable FileChannel channel;
  private @Nullable FileLock lock;

  private NamedLock(Path file, Turn turn) {
    this.file = file;
    this.turn = turn;
  }

  /**
   * Waits until the lock is free, telling the listener every few seconds.
   *
   * @throws IOException if the lock file cannot be made
   */
  static NamedLock acquire(Path lockFile, String name, TransferListener listener)
      throws IOException, InterruptedException {
    return acquire(lockFile, name, listener, SAY_EVERY);
  }

  static NamedLock acquire(Path lockFile, String name, TransferListener listener, Duration sayEvery)
      throws IOException, InterruptedException {
    Path key = lockFile.toAbsolutePath().normalize();
    Folders.create(Folders.of(key));
    long begun = System.nanoTime();
    NamedLock held = new NamedLock(key, enter(key));
    boolean mine = false;
    boolean locked = false;
    try {
      while (!mine) {
        mine = held.turn.free.tryAcquire(sayEvery.toMillis(), TimeUnit.MILLISECONDS);
        if (!mine) {
          listener.waiting(name, Duration.ofNanos(System.nanoTime() - begun));
        }
      }
      held.lockFile(name, listener, sayEvery, begun);
      locked = true;
      return held;
    } finally {
      if (!locked) {
        held.release(mine);
      }
    }
  }

  /** Whether other processes are held off, too; some network file systems know no locks. */
  boolean isAcrossProcesses() {
    return lock != null;
  }

  @Override
  public void close() {
    release(true);
  }

  private void lockFile(String name, TransferListener listener, Duration sayEvery, long begun)
      throws IOException, InterruptedException {
    FileChannel opened =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel = opened;
    long poll = FIRST_POLL_MILLIS;
    long said = System.nanoTime();
    while (lock == null) {
      try {
        lock = opened.tryLock();
      } catch (OverlappingFileLockException e) {
        // this class was loaded twice in one process; the other one holds it
      } catch (IOException e) {
        LOG.warn(
            "{} cannot be locked ({}); other processes are not held off", file, e.getMessage());
        return;
      }
      if (lock == null) {
        Thread.sleep(poll);
        poll = Math.min(2 * poll, LONGEST_POLL_MILLIS);
        if (System.nanoTime() - said >= sayEvery.toNanos()) {
          said = System.nanoTime();
          listener.waiting(name, Duration.ofNanos(said - begun));
        }
      }
    }
  }

  private void release(boolean mine) {
    try (FileChannel closing = channel) {
      if (lock != null && closing != null) {
        lock.release();
      }
    } catch (IOException e) {
      LOG.debug("{} was not unlocked in order: {}", file, e.getMessage());
    } finally {
      if (mine) {
        turn.free.release();
      }
      leave(file, turn);
    }
  }

  private static Turn enter(Path key) {
    synchronized (TURNS) {
      Turn turn = TURNS.computeIfAbsent(key, unused -> new Turn());
      turn.users++;
      return turn;
    }
  }

  private static void leave(Path key, Turn turn) {
    synchronized (TURNS) {
      if (--turn.users == 0) {
        TURNS.remove(key);
      }
    }
  }
}
