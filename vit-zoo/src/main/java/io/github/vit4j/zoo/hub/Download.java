package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file: asks for what is missing, tries again as long as that may help, verifies the
 * whole, and only then puts it in its place.
 */
final class Download {

  /** Bytes that make an attempt count as one that went well, so that the count starts anew. */
  private static final long PROGRESS = 1 << 20;

  private static final String MAKE_ROOM =
      "make room, or move the cache (HF_HOME, TORCH_HOME) to another disk; what came is kept";

  /**
   * What to bring.
   *
   * @param name for messages
   * @param size in bytes, or -1 if only the answer will tell
   */
  record Wanted(String name, URI address, long size, List<Expected> checks) {}

  private final HttpCaller http;
  private final TransferOptions options;
  private final Remedies remedies;
  private final ToLongFunction<Path> usableSpace;

  Download(
      HttpCaller http,
      TransferOptions options,
      Remedies remedies,
      ToLongFunction<Path> usableSpace) {
    this.http = http;
    this.options = options;
    this.remedies = remedies;
    this.usableSpace = usableSpace;
  }

  /**
   * The file at {@code target}, whole and verified.
   *
   * @return its hashes, its SHA-256 among them
   */
  Map<Digest, String> run(Wanted wanted, Partial partial, Path target)
      throws Failure, InterruptedException {
    boolean done = false;
    try {
      Map<Digest, String> hashes = persist(wanted, partial);
      long size = partial.size();
      partial.become(target);
      done = true;
      options.listener().finished(new Transfer(shown(wanted), size, size, 0));
      return hashes;
    } catch (ClosedByInterruptException e) {
      throw interrupted();
    } catch (IOException e) {
      throw disk(target, e);
    } finally {
      if (!done) {
        options.listener().failed(shown(wanted));
      }
    }
  }

  private Map<Digest, String> persist(Wanted wanted, Partial partial)
      throws Failure, InterruptedException, IOException {
    int failed = 0;
    int corrupt = 0;
    long most = partial.size();
    while (true) {
      try {
        List<Expected> served = receive(wanted, partial);
        return verify(wanted, partial, served);
      } catch (Failure failure) {
        corrupt += failure.reason() == Reason.CORRUPT ? 1 : 0;
        long size = partial.size();
        failed = size >= most + PROGRESS ? 1 : failed + 1;
        most = Math.max(most, size);
        if (!failure.again() || failed > options.retries() || corrupt > 1) {
          throw failure;
        }
        Retries.wait(wanted.name(), options, failed, failure);
      }
    }
  }

  private List<Expected> receive(Wanted wanted, Partial partial)
      throws Failure, InterruptedException, IOException {
    long from = partial.usable(wanted.address());
    if (from > 0 && from == wanted.size() && partial.isNamedByContent()) {
      return List.of(); // an earlier run ended between the last byte and the verification
    }
    if (wanted.size() >= 0 && from > wanted.size()) {
      partial.discard();
      from = 0;
    }
    Map<String, String> headers = new HashMap<>();
    if (from > 0) {
      headers.put("Range", "bytes=" + from + "-");
      String validator = partial.validator();
      if (validator != null) {
        headers.put("If-Range", validator);
      }
    }
    try (Answer answer = http.open("GET", wanted.address(), headers, options.stallTimeout())) {
      switch (answer.status()) {
        case 200 -> {
          long total = announced(wanted, answer, answer.length("Content-Length").orElse(-1));
          copy(wanted, partial, answer, 0, total);
        }
        case 206 -> {
          ContentRange part = continuation(wanted, partial, answer, from);
          copy(wanted, partial, answer, from, announced(wanted, answer, part.total()));
        }
        case 416 -> {
          partial.discard();
          throw Failure.corrupt(wanted.address(), "the server has no bytes after " + from);
        }
        default -> throw Status.failure(answer, options, remedies);
      }
      return partial.isNamedByContent() ? List.of() : ServedChecks.of(answer);
    }
  }

  private static ContentRange continuation(Wanted wanted, Partial partial, Answer answer, long from)
      throws Failure, IOException {
    ContentRange part =
        answer
            .header("Content-Range")
            .flatMap(ContentRange::parse)
            .orElse(new ContentRange(-1, -1));
    if (part.first() != from) {
      partial.discard(); // or every later run would ask this server for a part again
      throw Failure.corrupt(wanted.address(), "the server sent another part than asked for");
    }
    if (!partial.isContinuedBy(answer)) {
      partial.discard();
      throw Failure.corrupt(wanted.address(), "the file changed on the server meanwhile");
    }
    return part;
  }

  /** The length of the whole file as the server tells it, if it can be. */
  private long announced(Wanted wanted, Answer answer, long total) throws Failure {
    if (answer
        .header("Content-Encoding")
        .filter(c -> !c.equalsIgnoreCase("identity"))
        .isPresent()) {
      throw Failure.lasting(
          Reason.NETWORK,
          wanted.address(),
          "the server compresses although it was asked not to",
          "a proxy may be the cause; use another mirror");
    }
    if (wanted.size() >= 0 && total >= 0 && total != wanted.size()) {
      throw Failure.corrupt(
          wanted.address(), "it should have " + wanted.size() + " bytes, but has " + total);
    }
    boolean chunked = answer.header("Transfer-Encoding").isPresent();
    if (wanted.size() < 0 && total < 0 && !chunked && wanted.checks().isEmpty()) {
      throw Failure.lasting(
          Reason.CORRUPT,
          wanted.address(),
          "the server gives no length, so a broken transfer would look like a whole file",
          "give the file's SHA-256, or use another mirror");
    }
    long length = wanted.size() >= 0 ? wanted.size() : total;
    if (length > options.maximumBytes()) {
      throw tooLong(wanted);
    }
    return length;
  }

  private void copy(Wanted wanted, Partial partial, Answer answer, long from, long total)
      throws Failure, InterruptedException, IOException {
    try (FileChannel channel = partial.open(from)) {
      if (from == 0) {
        partial.begin(wanted.address(), answer, total);
      }
      requireSpace(partial.file(), total, from);
      options.listener().started(new Transfer(shown(wanted), from, total, from));
      long bytes = from;
      Pace pace = new Pace(options, System.nanoTime());
      for (ByteBuffer part = next(answer); part != null; part = next(answer)) {
        int count = part.remaining();
        bytes += count;
        if (total >= 0 && bytes > total) {
          channel.truncate(0);
          throw Failure.corrupt(
              wanted.address(), "more came than the " + total + " bytes announced");
        }
        if (bytes > options.maximumBytes()) {
          throw tooLong(wanted);
        }
        write(channel, part, total);
        options.listener().advanced(new Transfer(shown(wanted), bytes, total, from));
        if (pace.isTooSlow(count, System.nanoTime())) {
          throw Failure.passing(
              wanted.address(),
              "fewer than " + options.slowestRate() + " bytes a second came",
              null);
        }
      }
      if (total >= 0 && bytes < total) {
        throw Failure.passing(
            wanted.address(), "it ended after " + bytes + " of " + total + " bytes", null);
      }
    }
  }

  private @Nullable ByteBuffer next(Answer answer) throws Failure, InterruptedException {
    try {
      return answer.body().next(options.stallTimeout());
    } catch (IOException e) {
      String why = Shown.text(String.valueOf(e.getMessage()));
      throw Failure.passing(answer.address(), why, e);
    }
  }

  private static void write(FileChannel channel, ByteBuffer part, long total)
      throws Failure, IOException {
    try {
      while (part.hasRemaining()) {
        channel.write(part);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      String needed = total < 0 ? "" : "; the whole file has " + total + " bytes";
      throw Failure.lasting(
          Reason.DISK, null, "it cannot be written: " + e.getMessage() + needed, MAKE_ROOM, e);
    }
  }

  private Map<Digest, String> verify(Wanted wanted, Partial partial, List<Expected> served)
      throws Failure, InterruptedException, IOException {
    List<Expected> checks = new ArrayList<>(wanted.checks());
    checks.addAll(served);
    Set<Digest> kinds = EnumSet.of(Digest.SHA256);
    checks.forEach(check -> kinds.addAll(check.anyOf()));
    Map<Digest, String> hashes = Digest.of(partial.file(), kinds);
    for (Expected check : checks) {
      if (!check.agrees(hashes)) {
        partial.discard();
        throw Failure.corrupt(wanted.address(), check.against(hashes));
      }
    }
    return hashes;
  }

  private void requireSpace(Path file, long total, long from) throws Failure {
    long usable = usableSpace.applyAsLong(Folders.of(file));
    long missing = total - from;
    if (total >= 0 && usable >= 0 && usable < missing) {
      throw Failure.lasting(
          Reason.DISK,
          null,
          "it needs "
              + missing
              + " more bytes ("
              + Shown.bytes(missing)
              + "), but "
              + Folders.of(file)
              + " has room for "
              + usable,
          MAKE_ROOM);
    }
  }

  private Failure tooLong(Wanted wanted) {
    return Failure.lasting(
        Reason.CORRUPT,
        wanted.address(),
        "it is longer than the " + options.maximumBytes() + " bytes allowed",
        "raise TransferOptions.maximumBytes if it should be");
  }

  static Failure disk(Path file, IOException e) {
    return Failure.lasting(
        Reason.DISK,
        null,
        Folders.of(file) + " cannot be written: " + e,
        "make room or give this user the right to write there; what is here already is kept",
        e);
  }

  /** A channel that an interrupt closed leaves the flag set, which nobody has looked at yet. */
  static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException();
  }

  private static String shown(Wanted wanted) {
    return Shown.text(wanted.name());
  }
}
