package io.github.vit4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A predictor that batches, on a model whose answer is the red of the image's first pixel. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // what hangs fails
class BatchingPredictorTest {

  private static final EvalTransform TRANSFORM =
      EvalTransform.ofSize(2)
          .withCropRatio(1)
          .withNormalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

  private static final Duration FOREVER = Duration.ofHours(1);

  /** Runs only as often as it is let, until it is closed, or a failed test would wait for ever. */
  private static final class Gate implements BatchRunner, AutoCloseable {

    final Semaphore permits = new Semaphore(0);
    final Semaphore entered = new Semaphore(0);
    final List<Integer> batches = new ArrayList<>();

    @Override
    public float[][] run(FloatBuffer pixels, int images) {
      entered.release();
      permits.acquireUninterruptibly();
      synchronized (batches) {
        batches.add(images);
      }
      return reds(pixels, images);
    }

    @Override
    public void close() {
      permits.release(1_000_000);
    }
  }

  private static float[][] reds(FloatBuffer pixels, int images) {
    float[][] rows = new float[images][];
    for (int i = 0; i < images; i++) {
      rows[i] = new float[] {pixels.get(i * TRANSFORM.floats())};
    }
    return rows;
  }

  private static RgbImage red(int value) {
    byte[] rgb = new byte[12];
    Arrays.fill(rgb, (byte) value);
    return RgbImage.of(2, 2, rgb);
  }

  private static Batching<Integer> batching(BatchRunner runner) {
    return Batching.of(TRANSFORM, runner, row -> Math.round(row[0] * 255));
  }

  @Test
  void manyThreadsEachGetTheirOwnAnswer() throws Exception {
    int clients = 32;
    int each = 100;
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try (BatchingPredictor<Integer> server =
        batching(BatchingPredictorTest::reds)
            .maxBatch(8)
            .maxWait(Duration.ofMillis(1))
            .queue(16)
            .start()) {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int start = client * 7;
        done.add(
            pool.submit(
                () -> {
                  boolean right = true;
                  for (int i = 0; i < each; i++) {
                    int value = (start + i) % 256;
                    right &= server.predict(red(value)) == value;
                  }
                  return right;
                }));
      }
      for (Future<Boolean> client : done) {
        assertThat(client.get()).isTrue();
      }
      ServingStats stats = server.stats();
      assertThat(stats.answered()).isEqualTo(clients * each);
      assertThat(stats.failed()).isZero();
      assertThat(stats.queued()).isZero();
      assertThat(stats.meanBatch()).isBetween(1.0, 8.0);
      assertThat(stats.p50()).isPositive().isLessThanOrEqualTo(stats.p90());
      assertThat(stats.p90()).isLessThanOrEqualTo(stats.p99());
      assertThat(stats.p99()).isLessThanOrEqualTo(stats.max());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFullBatchDoesNotWait() throws Exception {
    Gate gate = new Gate();
    gate.permits.release(100);
    try (BatchingPredictor<Integer> server = batching(gate).maxBatch(4).maxWait(FOREVER).start();
        gate) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(server.submit(red(i)));
      }
      for (int i = 0; i < 8; i++) {
        assertThat(answers.get(i).get()).isEqualTo(i);
      }
      assertThat(gate.batches).containsExactly(4, 4);
      assertThat(server.stats().meanBatch()).isEqualTo(4);
    }
  }

  @Test
  void whatComesWhileTheModelRunsIsOneBatch() throws Exception {
    Gate gate = new Gate();
    try (BatchingPredictor<Integer> server =
            batching(gate).maxBatch(16).maxWait(Duration.ZERO).start();
        gate) {
      CompletableFuture<Integer> first = server.submit(red(1));
      gate.entered.acquire();
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        others.add(server.submit(red(i)));
      }
      gate.permits.release(2);
      assertThat(first.get()).isEqualTo(1);
      assertThat(others.get(4).get()).isEqualTo(4);
      assertThat(gate.batches).containsExactly(1, 5);
    }
  }

  @Test
  void aFullQueueRefusesOrHoldsBack() throws Exception {
    Gate gate = new Gate();
    try (BatchingPredictor<Integer> server =
            batching(gate).maxBatch(1).maxWait(Duration.ZERO).queue(1).start();
        gate) {
      CompletableFuture<Integer> running = server.submit(red(1));
      gate.entered.acquire();
      CompletableFuture<Integer> waiting = server.submit(red(2));
      assertThat(server.trySubmit(red(3))).isEmpty();
      AtomicReference<Integer> answer = new AtomicReference<>();
      Thread held = new Thread(() -> answer.set(server.predict(red(4))));
      held.start();
      awaitState(held, Thread.State.WAITING);
      gate.permits.release(3);
      held.join();
      assertThat(answer.get()).isEqualTo(4);
      assertThat(running.get()).isEqualTo(1);
      assertThat(waiting.get()).isEqualTo(2);
      gate.permits.release();
      assertThat(server.trySubmit(red(5)).map(CompletableFuture::join)).isEqualTo(Optional.of(5));
    }
  }

  @Test
  void closingAnswersWhatWaits() throws Exception {
    Gate gate = new Gate();
    BatchingPredictor<Integer> server =
        batching(gate).maxBatch(2).maxWait(Duration.ZERO).queue(5).start();
    try (gate) {
      CompletableFuture<Integer> running = server.submit(red(1));
      gate.entered.acquire();
      List<CompletableFuture<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(server.submit(red(i)));
      }
      AtomicReference<Throwable> refused = new AtomicReference<>();
      Thread held =
          new Thread(
              () -> {
                try {
                  server.predict(red(9));
                } catch (IllegalStateException e) {
                  refused.set(e);
                }
              });
      held.start();
      awaitState(held, Thread.State.WAITING);
      Thread closing = new Thread(server::close);
      closing.start();
      held.join(); // the closing thread lets it go
      assertThat(refused.get()).hasMessageContaining("closed");
      gate.permits.release(100);
      closing.join();
      assertThat(running.get()).isEqualTo(1);
      assertThat(waiting).allMatch(CompletableFuture::isDone);
      assertThat(waiting.get(4).get()).isEqualTo(4);
      assertThatThrownBy(() -> server.predict(red(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      assertThatThrownBy(() -> server.trySubmit(red(1))).hasMessageContaining("closed");
      server.close(); // twice does no harm
    }
  }

  @Test
  void anInterruptedCloseCancelsWhatNoBatchHasBegun() throws Exception {
    Gate gate = new Gate();
    BatchingPredictor<Integer> server = batching(gate).maxBatch(1).maxWait(Duration.ZERO).start();
    try (gate) {
      CompletableFuture<Integer> running = server.submit(red(1));
      gate.entered.acquire();
      CompletableFuture<Integer> waiting = server.submit(red(2));
      AtomicReference<Boolean> flag = new AtomicReference<>();
      Thread closing =
          new Thread(
              () -> {
                server.close();
                flag.set(Thread.currentThread().isInterrupted());
              });
      closing.start();
      awaitState(closing, Thread.State.WAITING); // for the batch that runs
      closing.interrupt();
      assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
      awaitState(closing, Thread.State.WAITING); // again
      assertThat(closing.isAlive()).isTrue(); // the model is still in use
      gate.permits.release(100);
      closing.join();
      assertThat(flag.get()).isTrue();
      assertThat(running.get()).isEqualTo(1);
      assertThat(server.stats().failed()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedCallerLeaves() throws Exception {
    Gate gate = new Gate();
    try (BatchingPredictor<Integer> server =
            batching(gate).maxBatch(1).maxWait(Duration.ZERO).start();
        gate) {
      CompletableFuture<Integer> running = server.submit(red(1));
      gate.entered.acquire();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      CountDownLatch flagged = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                try {
                  server.predict(red(2));
                } catch (CancellationException e) {
                  thrown.set(e);
                  if (Thread.currentThread().isInterrupted()) {
                    flagged.countDown();
                  }
                }
              });
      caller.start();
      awaitState(caller, Thread.State.WAITING);
      caller.interrupt();
      caller.join();
      assertThat(thrown.get()).hasMessageContaining("interrupted");
      assertThat(flagged.getCount()).isZero();
      gate.permits.release(100);
      assertThat(running.get()).isEqualTo(1);
      assertThat(server.predict(red(3))).isEqualTo(3);
      assertThat(gate.batches).hasSize(2); // what was given up is not computed
    }
  }

  @Test
  void aBrokenImageFailsItsOwnCaller(@TempDir Path folder) throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no image");
    try (BatchingPredictor<Integer> server =
        batching(BatchingPredictorTest::reds).maxBatch(2).maxWait(Duration.ZERO).start()) {
      CompletableFuture<Integer> good = server.submit(red(7));
      assertThatThrownBy(() -> server.predict(broken))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("broken.jpg");
      assertThat(good.get()).isEqualTo(7);
      assertThat(server.predict(red(8))).isEqualTo(8);
    }
  }

  @Test
  void aModelThatFailsTellsItsCallersAndGoesOn() {
    BatchRunner moody =
        (pixels, images) -> {
          float[][] rows = reds(pixels, images);
          if (rows[0][0] == 0) {
            throw new IllegalArgumentException("black");
          }
          return rows[0][0] == 1 ? new float[0][] : rows;
        };
    try (BatchingPredictor<Integer> server = batching(moody).maxWait(Duration.ZERO).start()) {
      assertThatThrownBy(() -> server.predict(red(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("black");
      assertThatThrownBy(() -> server.predict(red(255))).hasMessageContaining("0 rows for 1");
      assertThat(server.predict(red(3))).isEqualTo(3);
      assertThat(server.stats().failed()).isEqualTo(2);
    }
  }

  @Test
  void itsOwnThreadCannotCloseIt() {
    Gate gate = new Gate();
    try (BatchingPredictor<Integer> server = batching(gate).maxWait(Duration.ZERO).start();
        gate) {
      Runnable close = server::close;
      CompletableFuture<Void> closed = server.submit(red(1)).thenRun(close);
      gate.permits.release();
      assertThatThrownBy(closed::join).hasMessageContaining("close the predictor in another");
    }
  }

  @Test
  void itsOwnThreadCannotWaitForAnAnswerOrForRoom() {
    Gate gate = new Gate();
    try (BatchingPredictor<Integer> server =
            batching(gate).maxBatch(1).maxWait(Duration.ZERO).queue(1).start();
        gate) {
      CompletableFuture<Integer> predicted =
          server.submit(red(1)).thenApply(one -> server.predict(red(2)));
      CompletableFuture<CompletableFuture<Integer>> submitted =
          predicted.handle((none, failure) -> server.submit(red(3)));
      CompletableFuture<CompletableFuture<Integer>> beyond =
          submitted.thenApply(none -> server.submit(red(4)));
      gate.permits.release(100);

      assertThatThrownBy(predicted::join).hasMessageContaining("use submit, or predict in another");
      assertThat(submitted.join().join()).isEqualTo(3);
      assertThatThrownBy(beyond::join).hasMessageContaining("use trySubmit, or submit in another");
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    Batching<Integer> batching = batching(BatchingPredictorTest::reds);
    assertThatThrownBy(() -> batching.maxBatch(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> batching.queue(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> batching.maxWait(Duration.ofMillis(-1)))
        .isInstanceOf(BadInputException.class);
    Batching<Integer> large =
        Batching.of(EvalTransform.ofSize(2048), BatchingPredictorTest::reds, row -> 0);
    assertThatThrownBy(() -> large.maxBatch(100)).hasMessageContaining("2 GiB");
    Batching<Integer> huge =
        Batching.of(EvalTransform.ofSize(4096), BatchingPredictorTest::reds, row -> 0);
    assertThatThrownBy(huge::start)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a batch of 16 images of 50331648 values each takes over 2 GiB");
    List<RgbImage> many = Collections.nCopies(3600, red(1));
    EvalTransform usual = EvalTransform.ofSize(224);
    assertThatThrownBy(() -> ImageInput.prepare(many, usual))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a batch of 3600 images");
  }

  private static void awaitState(Thread thread, Thread.State state) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (thread.isAlive() && thread.getState() != state) {
      assertThat(System.nanoTime()).as("%s is %s", thread, thread.getState()).isLessThan(deadline);
      Thread.sleep(1);
    }
  }
}
