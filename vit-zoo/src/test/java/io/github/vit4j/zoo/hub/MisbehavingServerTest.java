package io.github.vit4j.zoo.hub;

import static io.github.vit4j.zoo.hub.FakeHub.COMMIT;
import static io.github.vit4j.zoo.hub.FakeHub.LARGE;
import static io.github.vit4j.zoo.hub.FakeHub.SMALL;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS_SHA256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vit4j.zoo.hub.HubException.Reason;
import io.github.vit4j.zoo.hub.RudeServer.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the server does: the right file in the end, or none. */
class MisbehavingServerTest {

  private static final int HALF = WEIGHTS.length / 2;
  private static final String LENGTH = "Content-Length: " + WEIGHTS.length;

  @TempDir Path folder;
  private FakeHub server;
  private final List<Duration> waits = new ArrayList<>();

  private final TransferListener recorder =
      new TransferListener() {
        @Override
        public void retrying(String name, String why, Duration wait) {
          waits.add(wait);
        }
      };

  @BeforeEach
  void start() throws IOException {
    server = new FakeHub();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aDropInMidFileIsResumed() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(200, LENGTH).send(WEIGHTS, 0, HALF));
    fetchesWhole();
    assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-");
  }

  @Test
  void aResetConnectionIsResumedOrRestarted() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(200, LENGTH).send(WEIGHTS, 0, HALF).reset());
    server.mishaps.add((request, reply) -> reply.reset());
    fetchesWhole();
  }

  @Test
  void anIgnoredRangeStartsFromZero() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(200, LENGTH).send(WEIGHTS, 0, HALF));
    server.mishaps.add((request, reply) -> reply.whole(200, WEIGHTS));
    fetchesWhole();
    assertThat(ranges()).hasSize(2);
  }

  @Test
  void anotherRangeThanAskedForIsNotAppended() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(200, LENGTH).send(WEIGHTS, 0, HALF));
    server.mishaps.add(
        (request, reply) ->
            reply
                .head(
                    206,
                    "Content-Range: bytes 7-" + (WEIGHTS.length - 1) + "/" + WEIGHTS.length,
                    "Content-Length: " + (WEIGHTS.length - 7))
                .send(WEIGHTS, 7, WEIGHTS.length));
    fetchesWhole();
    assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
  }

  @Test
  void aRefusedRangeStartsFromZero() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(200, LENGTH).send(WEIGHTS, 0, HALF));
    server.mishaps.add((request, reply) -> reply.head(416, "Content-Length: 0"));
    fetchesWhole();
    assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
  }

  @Test
  void theWrongLengthIsRefused() throws IOException {
    Handler tooShort = (request, reply) -> reply.whole(200, new byte[1000]);
    server.mishaps.add(tooShort);
    fetchesWhole();

    server.mishaps.addAll(List.of(tooShort, tooShort));
    assertThat(failure(Reason.CORRUPT).getMessage())
        .contains("it should have 300000 bytes, but has 1000");
  }

  @Test
  void moreThanAnnouncedIsRefused() {
    byte[] longer = new byte[WEIGHTS.length + 70_000];
    Handler chunked =
        (request, reply) -> {
          reply.head(200, "Transfer-Encoding: chunked");
          String size = Integer.toHexString(longer.length) + "\r\n";
          reply.send(size.getBytes(), 0, size.length()).send(longer, 0, longer.length);
          reply.send("\r\n0\r\n\r\n".getBytes(), 0, 7);
        };
    server.mishaps.addAll(List.of(chunked, chunked));
    failure(Reason.CORRUPT);
    assertThat(server.bodiesAsked()).isEqualTo(2);
  }

  @Test
  void theWrongContentIsFetchedOnceMoreAndThenRefused() throws IOException {
    Handler wrong = (request, reply) -> reply.whole(200, new byte[WEIGHTS.length]);
    server.mishaps.add(wrong);
    fetchesWhole();

    server.mishaps.addAll(List.of(wrong, wrong));
    assertThat(failure(Reason.CORRUPT).getMessage()).contains("its SHA256 is").contains("ETag");
    assertThat(blobs()).isEmpty();
  }

  @Test
  void aSmallFileIsVerifiedByGitsHash() {
    Handler described =
        (request, reply) ->
            reply.head(
                200,
                "X-Repo-Commit: " + COMMIT,
                "ETag: \"" + "a".repeat(40) + "\"",
                "Content-Length: " + FakeHub.CONFIG.length);
    server.hubMishaps.add(described);
    try (HubCache hub = server.cache(folder).options(options()).build()) {
      assertThat(catchThrowableOfType(HubException.class, () -> hub.fetch(SMALL)))
          .hasMessageContaining("its GIT_BLOB is")
          .extracting(HubException::reason)
          .isEqualTo(Reason.CORRUPT);
    }
  }

  @Test
  void aServerErrorPasses() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(500, "Content-Length: 0"));
    server.mishaps.add((request, reply) -> reply.head(503, "Content-Length: 0"));
    server.hubMishaps.add((request, reply) -> reply.head(502, "Content-Length: 0"));
    fetchesWhole();
    assertThat(waits).hasSize(3);
  }

  @Test
  void serverErrorsWithoutEndAreReported() {
    for (int i = 0; i < 10; i++) {
      server.mishaps.add((request, reply) -> reply.head(500, "Content-Length: 0"));
    }
    HubException e = failure(Reason.NETWORK);
    assertThat(e.status()).isEqualTo(500);
    assertThat(server.bodiesAsked()).as("one attempt and three more").isEqualTo(4);
  }

  @Test
  void retryAfterIsHonoured() throws IOException {
    server.mishaps.add((request, reply) -> reply.head(429, "Retry-After: 1", "Content-Length: 0"));
    fetchesWhole();
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void aRetryAfterBeyondAllPatienceIsReported() {
    server.mishaps.add(
        (request, reply) -> reply.head(429, "Retry-After: 3600", "Content-Length: 0"));
    assertThat(failure(Reason.NETWORK).getMessage()).contains("3600 s").contains("HF_TOKEN");
    assertThat(waits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void noClientErrorIsAskedTwice(int status) {
    server.mishaps.add((request, reply) -> reply.head(status, "Content-Length: 0"));
    HubException e = catchThrowableOfType(HubException.class, this::fetchesWhole);
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.getMessage()).contains(String.valueOf(status));
    assertThat(server.bodiesAsked()).isEqualTo(1);
  }

  @Test
  void deniedSaysWhatHelps() {
    server.hubMishaps.add(
        (request, reply) -> reply.head(403, "X-Error-Code: GatedRepo", "Content-Length: 0"));
    assertThat(failure(Reason.DENIED).getMessage())
        .contains("HF_TOKEN")
        .contains("accept the licence at " + server.hub.address() + "/org/vit-tiny");
  }

  @Test
  void aLoopOfRedirectsEnds() {
    Handler loop = (request, reply) -> reply.head(302, "Location: /again", "Content-Length: 0");
    for (int i = 0; i < 30; i++) {
      server.mishaps.add(loop);
    }
    assertThat(failure(Reason.NETWORK).getMessage()).contains("more than 10 redirects");
    assertThat(server.bodiesAsked()).as("never tried again").isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:///etc/passwd", "http://user:pw@127.0.0.1/", "http:///x", "::"})
  void aRedirectToNowhereIsRefused(String target) {
    server.mishaps.add(
        (request, reply) -> reply.head(302, "Location: " + target, "Content-Length: 0"));
    failure(Reason.NETWORK);
  }

  @Test
  void aStalledServerIsLeftAndTheRestFetched() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    server.mishaps.add(
        (request, reply) -> {
          reply.head(200, LENGTH).send(WEIGHTS, 0, HALF);
          never.await();
        });
    fetchesWhole(options().withStallTimeout(Duration.ofSeconds(2)));
    assertThat(ranges()).hasSizeGreaterThan(1);
  }

  @Test
  void aServerThatNeverAnswersIsReported() {
    CountDownLatch never = new CountDownLatch(1);
    server.hubMishaps.add((request, reply) -> never.await());
    HubException e =
        catchThrowableOfType(
            HubException.class,
            () -> fetchesWhole(options().withRetries(0).withAnswerTimeout(Duration.ofMillis(300))));
    assertThat(e).hasMessageContaining("no answer came in 300 ms");
  }

  @Test
  void aDripBelowTheSlowestRateIsLeft() throws IOException {
    server.mishaps.add(
        (request, reply) -> {
          reply.head(200, LENGTH);
          for (int i = 0; i < WEIGHTS.length; i++) {
            reply.send(WEIGHTS, i, i + 1);
            Thread.sleep(20);
          }
        });
    fetchesWhole(options().withSlowestRate(10_000, Duration.ofMillis(300)));
    assertThat(ranges()).hasSizeGreaterThan(1);
  }

  @Test
  void compressionThatNobodyAskedForIsRefused() {
    server.mishaps.add((request, reply) -> reply.whole(200, WEIGHTS, "Content-Encoding: gzip"));
    assertThat(failure(Reason.NETWORK).getMessage()).contains("compresses");
  }

  @Test
  void nonsenseInsteadOfHttpIsReported() {
    Handler nonsense = (request, reply) -> reply.send("SSH-2.0-nonsense\r\n\r\n".getBytes(), 0, 20);
    server.mishaps.addAll(List.of(nonsense, nonsense, nonsense, nonsense));
    failure(Reason.NETWORK);
  }

  @Test
  void aTagThatIsAPathBecomesNone() throws IOException {
    server.hubMishaps.add(
        (request, reply) ->
            reply.head(
                302,
                "X-Repo-Commit: " + COMMIT,
                "X-Linked-Etag: \"../../../evil\"",
                "X-Linked-Size: " + WEIGHTS.length,
                "Location: " + server.store.address() + "/x",
                "Content-Length: 0"));
    Path path = fetchesWhole();
    assertThat(path.toRealPath().getFileName().toString()).matches("etag-[0-9a-f]{40}");
    assertThat(path.toRealPath()).startsWith(folder.toRealPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "main", "", "0123456789ABCDEF0123456789abcdef01234567"})
  void aCommitThatIsNoneIsRefused(String commit) {
    server.hubMishaps.add(
        (request, reply) ->
            reply.head(
                200, "X-Repo-Commit: " + commit, "ETag: \"" + WEIGHTS_SHA256 + "\"", LENGTH));
    assertThat(failure(Reason.NETWORK).getMessage()).contains("not that of a Hugging Face hub");
  }

  @Test
  void aListThatIsNoneIsRefused() {
    for (String text : List.of("", "[]", "{", "{\"siblings\": 7}", "<html>", "[".repeat(100_000))) {
      server.hubMishaps.add((request, reply) -> reply.whole(200, text.getBytes()));
      try (HubCache hub = server.cache(folder).options(options()).build()) {
        assertThat(catchThrowableOfType(HubException.class, () -> hub.list(FakeHub.REPO, "main")))
            .as("%.10s", text)
            .hasMessageContaining("not the hub's JSON");
      }
    }
  }

  @Test
  void whatIsTooLongIsNotBegun() {
    HubException e =
        catchThrowableOfType(
            HubException.class, () -> fetchesWhole(options().withMaximumBytes(1000)));
    assertThat(e).hasMessageContaining("longer than the 1000 bytes allowed");
  }

  @Test
  void anInterruptEndsTheDownloadAndKeepsWhatCame() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    server.mishaps.add(
        (request, reply) -> {
          reply.head(200, LENGTH).send(WEIGHTS, 0, HALF);
          never.await();
        });
    AtomicReference<HubException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    TransferListener counting =
        new TransferListener() {
          @Override
          public void advanced(Transfer transfer) {
            if (transfer.bytes() == HALF) {
              half.countDown();
            }
          }
        };
    Thread thread =
        new Thread(
            () -> {
              thrown.set(
                  catchThrowableOfType(
                      HubException.class, () -> fetchesWhole(options().withListener(counting))));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    half.await();
    thread.interrupt();
    thread.join();

    assertThat(thrown.get()).extracting(HubException::reason).isEqualTo(Reason.INTERRUPTED);
    assertThat(flag.get()).isTrue();
    fetchesWhole();
    assertThat(ranges()).last().isEqualTo("bytes=" + HALF + "-");
  }

  private TransferOptions options() {
    return FakeHub.options().withListener(recorder);
  }

  private Path fetchesWhole() throws IOException {
    return fetchesWhole(options());
  }

  private Path fetchesWhole(TransferOptions options) throws IOException {
    try (HubCache hub = server.cache(folder).options(options).build()) {
      // each part of a test fetches anew
      deleteSnapshots();
      Path path = hub.fetch(LARGE);
      assertThat(path).hasBinaryContent(WEIGHTS);
      return path;
    }
  }

  private HubException failure(Reason reason) {
    HubException e = catchThrowableOfType(HubException.class, this::fetchesWhole);
    assertThat(e).as("refused").isNotNull();
    assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
    assertThat(e.getMessage())
        .contains("model.safetensors of org/vit-tiny")
        .doesNotContain("secret");
    assertThat(blobs()).as("blobs that a later run would take").noneMatch(n -> n.length() == 64);
    return e;
  }

  private List<String> ranges() {
    return server.store.requests("GET").stream().map(r -> r.header("Range")).toList();
  }

  private List<String> blobs() {
    Path blobs = folder.resolve("models--org--vit-tiny/blobs");
    if (!Files.isDirectory(blobs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(blobs)) {
      return all.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void deleteSnapshots() throws IOException {
    Path repo = folder.resolve("models--org--vit-tiny");
    Files.deleteIfExists(repo.resolve("snapshots/" + COMMIT + "/model.safetensors"));
    Files.deleteIfExists(repo.resolve("blobs/" + WEIGHTS_SHA256));
  }
}
