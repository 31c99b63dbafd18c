package io.github.vit4j.zoo.hub;

import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS_SHA256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vit4j.zoo.hub.HubException.Reason;
import io.github.vit4j.zoo.hub.RudeServer.Handler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain links into torch's folder. */
class DirectLinksTest {

  private static final int HALF = WEIGHTS.length / 2;
  private static final String NAMED = "/deit/deit_tiny-" + WEIGHTS_SHA256.substring(0, 8) + ".pth";

  @TempDir Path folder;
  private final Deque<Handler> mishaps = new ConcurrentLinkedDeque<>();
  private RudeServer server;
  private DirectLinks links;
  private String tag = "ETag: \"one\"";

  @BeforeEach
  void start() throws IOException {
    server =
        new RudeServer(
            (request, reply) -> {
              Handler mishap = mishaps.poll();
              if (mishap != null) {
                mishap.answer(request, reply);
              } else {
                FakeHub.serve(request, reply, WEIGHTS, tag);
              }
            });
    links = new DirectLinks(folder, false, FakeHub.options());
  }

  @AfterEach
  void stop() throws IOException {
    links.close();
    server.close();
  }

  @Test
  void theFileLiesWhereTorchLooks() {
    Path path = links.fetch(at(NAMED + "?x=y"));
    assertThat(path)
        .isEqualTo(folder.resolve("deit_tiny-" + WEIGHTS_SHA256.substring(0, 8) + ".pth"))
        .hasBinaryContent(WEIGHTS);
    assertThat(links.fetch(at(NAMED))).isEqualTo(path);
    assertThat(links.cached(at(NAMED))).contains(path);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void whatTorchDownloadedIsUsed() throws IOException {
    Files.write(folder.resolve("x.pth"), new byte[] {1, 2, 3});
    assertThat(links.fetch(at("/x.pth"))).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void theHashInTheNameIsVerified() {
    assertRefused("/deit_tiny-a1311bcf.pth", "but the file's name says a1311bcf");
    assertThat(server.requests()).as("fetched once more").hasSize(2);
    assertNothingKept("deit_tiny-a1311bcf.pth");
  }

  @Test
  void aDateInTheNameIsNoHash() {
    assertThat(links.fetch(at("/model-20210131.npz"))).hasBinaryContent(WEIGHTS);
  }

  @Test
  void theCallersChecksumIsVerified() {
    Checksum right = Checksum.sha256(WEIGHTS_SHA256);
    Checksum wrong = Checksum.sha256("0".repeat(64));
    assertThatThrownBy(() -> links.fetch(at("/a.pth"), wrong))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the checksum asked for");
    assertNothingKept("a.pth");
    assertThat(links.fetch(at("/a.pth"), right)).hasBinaryContent(WEIGHTS);
    assertThatThrownBy(() -> links.fetch(at("/a.pth"), wrong))
        .as("also of what is here")
        .isInstanceOf(HubException.class);
    assertThat(links.fetch(at("/a.pth"), right)).exists();
  }

  @Test
  void theServersHashesAreVerified() {
    String wrong = Base64.getEncoder().encodeToString(new byte[32]);
    String wrongMd5 = Base64.getEncoder().encodeToString(new byte[16]);
    for (String header :
        List.of(
            "Repr-Digest: sha-256=:" + wrong + ":",
            "Digest: SHA-256=" + wrong,
            "Content-MD5: " + wrongMd5,
            "x-goog-hash: crc32c=AAAAAA==,md5=" + wrongMd5)) {
      tag = header;
      assertRefused("/b.pth", "the server's header " + header.substring(0, header.indexOf(':')));
    }
    byte[] sha = HexFormat.of().parseHex(WEIGHTS_SHA256);
    tag = "Repr-Digest: sha-256=:" + Base64.getEncoder().encodeToString(sha) + ":";
    assertThat(links.fetch(at("/b.pth"))).hasBinaryContent(WEIGHTS);
  }

  @Test
  void aBrokenDownloadIsResumedByALaterRunIfTheFileIsTheSame() {
    failHalfWay();
    assertThat(links.fetch(at("/c.pth"))).hasBinaryContent(WEIGHTS);
    RudeServer.Request last = last();
    assertThat(last.header("Range")).isEqualTo("bytes=" + HALF + "-");
    assertThat(last.header("If-Range")).isEqualTo("\"one\"");
  }

  @Test
  void aFileThatChangedMeanwhileIsFetchedAnew() {
    failHalfWay();
    tag = "ETag: \"two\"";
    assertThat(links.fetch(at("/c.pth"))).hasBinaryContent(WEIGHTS);
    assertThat(last().header("Range")).as("after an answer with another tag").isEmpty();
  }

  @Test
  void withoutAValidatorNothingIsResumed() {
    tag = "X-Nothing: 1";
    failHalfWay();
    assertThat(links.fetch(at("/c.pth"))).hasBinaryContent(WEIGHTS);
    assertThat(last().header("Range")).isEmpty();
  }

  @Test
  void aBeginningFromAnotherAddressIsNotContinued() {
    failHalfWay();
    assertThat(links.fetch(at("/elsewhere/c.pth"))).hasBinaryContent(WEIGHTS);
    assertThat(last().header("Range")).isEmpty();
  }

  @Test
  void aBodyWithoutAnyLengthIsRefusedUnlessAChecksumTells() {
    Handler endless = (request, reply) -> reply.head(200).send(WEIGHTS, 0, WEIGHTS.length);
    mishaps.add(endless);
    assertThatThrownBy(() -> links.fetch(at("/d.pth")))
        .hasMessageContaining("the server gives no length");
    mishaps.add(endless);
    assertThat(links.fetch(at("/d.pth"), Checksum.sha256(WEIGHTS_SHA256)))
        .hasBinaryContent(WEIGHTS);
  }

  @Test
  void aChangeOnDiskIsNoticed() throws IOException {
    Path path = links.fetch(at("/e.pth"));
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    assertThat(links.fetch(at("/e.pth"))).as("only touched").isEqualTo(path);

    Files.write(path, new byte[] {1});
    assertRefused("/e.pth", "it changed since it was first used");
    assertThat(path).hasBinaryContent(new byte[] {1});
  }

  @Test
  void anotherAddressWithTheSameNameIsNoticed() {
    links.fetch(at("/one/model.pth"));
    assertRefused("/two/model.pth", "/one/model.pth, not from");
    assertThat(links.fetch(at("/two/model.pth"), "two.pth")).hasBinaryContent(WEIGHTS);
    assertThat(links.fetch(at("/two/model.pth"), Checksum.sha256(WEIGHTS_SHA256))).exists();
  }

  @Test
  void offlineSaysWhatIsMissing() {
    try (DirectLinks offline = new DirectLinks(folder, true, FakeHub.options())) {
      HubException e =
          catchThrowableOfType(HubException.class, () -> offline.fetch(at("/f.pth?sig=secret")));
      assertThat(e.reason()).isEqualTo(Reason.OFFLINE);
      assertThat(e)
          .hasMessageContaining("/f.pth")
          .hasMessageContaining("told to stay offline")
          .hasMessageNotContaining("HF_HUB_OFFLINE")
          .hasMessageNotContaining("secret");
    }
  }

  /** No token is ever sent to a plain address, so none would help. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429})
  void nobodyIsToldToSetATokenForAPlainLink(int status) {
    links.close();
    links = new DirectLinks(folder, false, FakeHub.options().withRetries(0));
    mishaps.add((request, reply) -> reply.head(status, "Content-Length: 0"));
    assertThatThrownBy(() -> links.fetch(at("/gated.pth")))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(String.valueOf(status))
        .hasMessageNotContaining("HF_TOKEN");
  }

  /** Between the file's last byte and its pin, a second process must not write a pin of its own. */
  @Test
  void theDownloadersNoteOfTheAddressStays() throws Exception {
    Path file = Files.write(folder.resolve("h.pth"), WEIGHTS);
    Path pin = folder.resolve(".vit4j/h.pth.json");
    ExecutorService second = Executors.newSingleThreadExecutor();
    try {
      Future<Path> fetched;
      Path lockFile = folder.resolve(".vit4j/h.pth.lock");
      try (NamedLock first = NamedLock.acquire(lockFile, "h", TransferListener.silent())) {
        assertThat(first.isAcrossProcesses()).isTrue();
        fetched = second.submit(() -> links.fetch(at("/h.pth")));
        assertThatThrownBy(() -> fetched.get(200, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        Pin.of(file, "https://first.example/h.pth", WEIGHTS_SHA256).write(pin);
      }
      assertThatThrownBy(fetched::get)
          .hasMessageContaining("it came from https://first.example/h.pth");
    } finally {
      second.shutdownNow();
    }
    assertThat(Pin.read(pin)).extracting(Pin::address).isEqualTo("https://first.example/h.pth");
  }

  @Test
  void anEmptyFileIsAFile() {
    mishaps.add((request, reply) -> reply.whole(200, new byte[0]));
    assertThat(links.fetch(at("/empty"))).isEmptyFile();
  }

  @Test
  void tooLittleRoomIsSaidBeforehand() {
    Download download =
        new Download(
            new HttpCaller(FakeHub.options(), null, null),
            FakeHub.options(),
            Remedies.ofLinks(folder),
            f -> 1000);
    Partial partial = Partial.withNote(folder.resolve("g.incomplete"));
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                download.run(
                    new Download.Wanted("g.pth", at("/g.pth"), -1, List.of()),
                    partial,
                    folder.resolve("g.pth")));
    assertThat(failure.reason()).isEqualTo(Reason.DISK);
    assertThat(failure).hasMessageContaining("it needs 300000 more bytes (300.0 kB)");
  }

  private void failHalfWay() {
    mishaps.add(
        (request, reply) ->
            reply.head(200, tag, "Content-Length: " + WEIGHTS.length).send(WEIGHTS, 0, HALF));
    try (DirectLinks hasty = new DirectLinks(folder, false, FakeHub.options().withRetries(0))) {
      assertThatThrownBy(() -> hasty.fetch(at("/c.pth"))).isInstanceOf(HubException.class);
    }
    assertNothingKept("c.pth");
  }

  private void assertRefused(String path, String why) {
    assertThat(catchThrowableOfType(HubException.class, () -> links.fetch(at(path))))
        .hasMessageContaining(why)
        .extracting(HubException::reason)
        .isEqualTo(Reason.CORRUPT);
  }

  private void assertNothingKept(String name) {
    assertThat(folder.resolve(name)).doesNotExist();
  }

  private RudeServer.Request last() {
    List<RudeServer.Request> all = server.requests();
    return all.get(all.size() - 1);
  }

  private URI at(String path) {
    return URI.create(server.address() + path);
  }
}
