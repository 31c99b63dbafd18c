package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.RudeServer.Handler;
import io.github.vit4j.zoo.hub.RudeServer.Reply;
import io.github.vit4j.zoo.hub.RudeServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A hub with one repository of two files, as the real one answers: a small file of its own, and a
 * large one behind a redirect to a store on another host with a signed address. Mishaps are played
 * first, in turn, to whoever asks for the large file's bytes.
 */
final class FakeHub implements AutoCloseable {

  static final String REPO = "org/vit-tiny";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final byte[] CONFIG = "{\"depth\": 12}\n".getBytes(StandardCharsets.UTF_8);
  static final byte[] WEIGHTS = weights();
  static final String WEIGHTS_SHA256 = hash("SHA-256", new byte[0], WEIGHTS);
  static final String CONFIG_SHA1 =
      hash("SHA-1", ("blob " + CONFIG.length + "\0").getBytes(StandardCharsets.UTF_8), CONFIG);
  static final HubFile LARGE = HubFile.of(REPO, "model.safetensors");
  static final HubFile SMALL = HubFile.of(REPO, "config.json");

  final Deque<Handler> mishaps = new ConcurrentLinkedDeque<>();
  final Deque<Handler> hubMishaps = new ConcurrentLinkedDeque<>();
  final RudeServer store = new RudeServer(this::storeAnswer);
  final RudeServer hub = new RudeServer(this::hubAnswer);

  FakeHub() throws IOException {}

  /** Patient enough for a busy machine, quick between attempts. */
  static TransferOptions options() {
    return TransferOptions.defaults()
        .withRetries(3)
        .withWaits(Duration.ofMillis(1), Duration.ofSeconds(5))
        .withAnswerTimeout(Duration.ofSeconds(30))
        .withStallTimeout(Duration.ofSeconds(30))
        .withListener(TransferListener.silent());
  }

  HubCache.Builder cache(Path folder) {
    return new HubCache.Builder(new Environment(Map.of("HF_HUB_CACHE", folder.toString())))
        .endpoint(hub.address())
        .options(options());
  }

  long bodiesAsked() {
    return store.requests("GET").size();
  }

  private void hubAnswer(Request request, Reply reply) throws IOException, InterruptedException {
    Handler mishap = hubMishaps.poll();
    if (mishap != null) {
      mishap.answer(request, reply);
    } else {
      answerAsAlways(request, reply);
    }
  }

  void answerAsAlways(Request request, Reply reply) throws IOException {
    String commit = "X-Repo-Commit: " + COMMIT;
    String resolve = "/" + REPO + "/resolve/";
    if (request.path().startsWith(resolve) && request.path().endsWith("/model.safetensors")) {
      reply.head(
          302,
          commit,
          "Location: " + store.address() + "/signed/" + WEIGHTS_SHA256 + "?Signature=secret",
          "X-Linked-Etag: \"" + WEIGHTS_SHA256 + "\"",
          "X-Linked-Size: " + WEIGHTS.length,
          "X-Xet-Hash: ignored",
          "Content-Length: 0");
    } else if (request.path().startsWith(resolve) && request.path().endsWith("/config.json")) {
      String tag = "ETag: \"" + CONFIG_SHA1 + "\"";
      if (request.method().equals("HEAD")) {
        reply.head(200, commit, tag, "Content-Length: " + CONFIG.length);
      } else {
        reply.whole(200, CONFIG, commit, tag);
      }
    } else if (request.path().startsWith("/api/models/" + REPO + "/revision/")) {
      reply.whole(200, listing().getBytes(StandardCharsets.UTF_8));
    } else if (request.path().equals("/api/models/" + REPO + "/refs")) {
      reply.whole(200, "{\"branches\":[{\"name\":\"main\"}]}".getBytes(StandardCharsets.UTF_8));
    } else if (request.path().startsWith(resolve + "main/")) {
      reply.head(404, commit, "X-Error-Code: EntryNotFound", "Content-Length: 0");
    } else if (request.path().startsWith(resolve)) {
      reply.head(404, "X-Error-Code: RevisionNotFound", "Content-Length: 0");
    } else {
      reply.head(401, "X-Error-Code: RepoNotFound", "Content-Length: 0");
    }
  }

  private void storeAnswer(Request request, Reply reply) throws IOException, InterruptedException {
    Handler mishap = mishaps.poll();
    if (mishap != null) {
      mishap.answer(request, reply);
    } else {
      serve(request, reply, WEIGHTS);
    }
  }

  /** As a good server would, ranges included. */
  static void serve(Request request, Reply reply, byte[] content, String... headers)
      throws IOException {
    int from = request.from();
    if (from == 0) {
      reply.whole(200, content, headers);
      return;
    }
    if (from >= content.length) {
      reply.head(416, "Content-Range: bytes */" + content.length, "Content-Length: 0");
      return;
    }
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] =
        "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length;
    all[headers.length + 1] = "Content-Length: " + (content.length - from);
    reply.head(206, all).send(content, from, content.length);
  }

  static String hash(String algorithm, byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(first);
      return HexFormat.of().formatHex(digest.digest(second));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    hub.close();
    store.close();
  }

  private static String listing() {
    return "{\"id\":\"x\",\"nested\":{\"a\":[1,{}]},\"siblings\":[{\"rfilename\":\"config.json\"},"
        + "{\"size\":3,\"rfilename\":\"model.safetensors\"},{\"rfilename\":\"../../evil\"},"
        + "{\"rfilename\":7}],\"sha\":\""
        + COMMIT
        + "\"}";
  }

  private static byte[] weights() {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
