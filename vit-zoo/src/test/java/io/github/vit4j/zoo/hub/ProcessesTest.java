package io.github.vit4j.zoo.hub;

import static io.github.vit4j.zoo.hub.FakeHub.LARGE;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS_SHA256;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads and processes that want the same file, and one that is killed. */
@Timeout(120)
class ProcessesTest {

  private static final int HALF = WEIGHTS.length / 2;

  @TempDir Path folder;
  private FakeHub server;
  private final List<Process> children = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new FakeHub();
  }

  @AfterEach
  void stop() throws IOException {
    children.forEach(Process::destroyForcibly);
    server.close();
  }

  @Test
  void aKilledDownloadLeavesNothingForGoodAndIsResumed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.mishaps.add(
        (request, reply) -> {
          reply.head(200, "Content-Length: " + WEIGHTS.length).send(WEIGHTS, 0, HALF);
          never.await();
        });
    Process child = child();
    Path repo = folder.resolve("models--org--vit-tiny");
    Path partial = repo.resolve("blobs/" + WEIGHTS_SHA256 + ".vit4j.incomplete");
    while (!Files.exists(partial) || Files.size(partial) < HALF) {
      assertThat(child.isAlive()).isTrue();
      Thread.sleep(5);
    }
    child.destroyForcibly().waitFor(); // kill -9

    assertThat(repo.resolve("blobs/" + WEIGHTS_SHA256)).doesNotExist();
    assertThat(repo.resolve("snapshots")).doesNotExist();
    assertThat(finish(child())).isZero();
    assertThat(repo.resolve("blobs/" + WEIGHTS_SHA256)).hasBinaryContent(WEIGHTS);
    assertThat(partial).doesNotExist();
    assertThat(server.store.requests("GET"))
        .extracting(request -> request.header("Range"))
        .containsExactly("", "bytes=" + HALF + "-");
  }

  @Test
  void twoProcessesDownloadOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server.mishaps.add(
        (request, reply) -> {
          reply.head(200, "Content-Length: " + WEIGHTS.length).send(WEIGHTS, 0, HALF);
          go.await();
          reply.send(WEIGHTS, HALF, WEIGHTS.length);
        });
    Process first = child();
    Process second = child();
    while (server.hub.requests("HEAD").size() < 2) {
      Thread.sleep(5);
    }
    go.countDown();

    assertThat(finish(first)).isZero();
    assertThat(finish(second)).isZero();
    assertThat(server.bodiesAsked()).isEqualTo(1);
    try (HubCache hub = server.cache(folder).offline(true).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
    }
  }

  @Test
  void manyThreadsDownloadOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (HubCache one = server.cache(folder).build();
        HubCache other = server.cache(folder).build()) {
      List<Future<Path>> paths = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        HubCache hub = i % 2 == 0 ? one : other;
        paths.add(threads.submit(() -> hub.fetch(LARGE)));
      }
      for (Future<Path> path : paths) {
        assertThat(path.get()).hasBinaryContent(WEIGHTS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.bodiesAsked()).isEqualTo(1);
  }

  @Test
  void whoeverWaitsIsTold() throws Exception {
    Path lockFile = folder.resolve("a/b.lock");
    CountDownLatch told = new CountDownLatch(1);
    TransferListener listener =
        new TransferListener() {
          @Override
          public void waiting(String name, Duration since) {
            told.countDown();
          }
        };
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      NamedLock held = NamedLock.acquire(lockFile, "x", TransferListener.silent());
      assertThat(held.isAcrossProcesses()).isTrue();
      Future<?> waiter =
          threads.submit(
              () -> {
                NamedLock.acquire(lockFile, "x", listener, Duration.ofMillis(20)).close();
                return "";
              });
      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
      held.close();
      waiter.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(lockFile).as("stays, or a waiter could hold a deleted file").exists();
  }

  private Process child() throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FetchMain.class.getName(),
                server.hub.address().toString(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    children.add(child);
    return child;
  }

  private static int finish(Process child) throws InterruptedException {
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return child.exitValue();
  }
}
