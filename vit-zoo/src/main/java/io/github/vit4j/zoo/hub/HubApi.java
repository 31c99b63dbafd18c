package io.github.vit4j.zoo.hub;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The questions that the hub answers; what it says is checked before anyone relies on it. */
final class HubApi {

  /**
   * A file as the hub describes it.
   *
   * @param commit of the revision asked for
   * @param size in bytes, or -1 if the hub does not say
   */
  record RemoteFile(String commit, EntityTag tag, long size) {}

  /**
   * A revision as the hub lists it.
   *
   * @param commit where it stands, or empty if the list does not say
   * @param paths of all its files
   */
  record Revision(String commit, List<String> paths) {}

  /** What a list says: the texts asked for, and the commit that it may name beside them. */
  private record Listing(List<String> texts, String commit) {}

  private static final Logger LOG = LoggerFactory.getLogger(HubApi.class);
  private static final int LONGEST_ANSWER = 16 << 20;
  private static final int MOST_FILES = 100_000;
  private static final int MOST_SHOWN = 20;
  private static final String NO_HUB = "check HF_ENDPOINT, and that no proxy answers in its place";

  private final URI endpoint;
  private final HttpCaller http;
  private final TransferOptions options;

  HubApi(URI endpoint, HttpCaller http, TransferOptions options) {
    this.endpoint = endpoint;
    this.http = http;
    this.options = options;
  }

  /** The endpoint in its one form, without a slash at its end. */
  static URI endpoint(String text) {
    String trimmed = text.strip().replaceAll("/+$", "");
    try {
      URI uri = URI.create(trimmed);
      if (Redirect.isHttp(uri)
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new BadInputException(
        "the hub's address (HF_ENDPOINT) must be http:// or https://, a host and perhaps a path,"
            + " without user, query or fragment, such as https://huggingface.co");
  }

  /** Where a file's content is. */
  URI content(HubFile file, String revision) {
    return address(
        "/"
            + file.repo()
            + "/resolve/"
            + encoded(revision, false)
            + "/"
            + encoded(file.path(), true));
  }

  /** The page where a person can read about a repository and accept its licence. */
  String page(String repo) {
    return Shown.address(address("/" + repo));
  }

  RemoteFile describe(HubFile file, RepoFolder folder) throws Failure, InterruptedException {
    URI address = content(file, file.revision());
    // a redirect that describes the file is the hub's own word; the store behind it knows less
    try (Answer answer =
        http.open(
            "HEAD",
            address,
            Map.of(),
            options.answerTimeout(),
            hop ->
                hop.header("X-Repo-Commit").isPresent()
                    && hop.header("X-Linked-Etag").isPresent())) {
      if (answer.status() != 200 && !answer.isRedirect()) {
        throw failure(file, answer, folder);
      }
      String commit = answer.header("X-Repo-Commit").map(String::strip).orElse("");
      String tag = answer.header("X-Linked-Etag").or(() -> answer.header("ETag")).orElse("");
      if (!HubFile.isCommit(commit) || tag.isEmpty()) {
        throw Failure.lasting(
            Reason.NETWORK, address, "the answer is not that of a Hugging Face hub", NO_HUB);
      }
      long length = answer.isRedirect() ? -1 : answer.length("Content-Length").orElse(-1);
      return new RemoteFile(
          commit, EntityTag.parse(tag), answer.length("X-Linked-Size").orElse(length));
    }
  }

  /** The paths of all files of a revision, and the commit that it stands at. */
  Revision files(String repo, String revision) throws Failure, InterruptedException {
    URI address = address("/api/models/" + repo + "/revision/" + encoded(revision, false));
    List<String> names = new ArrayList<>();
    Listing listing = listing(address, "siblings", "rfilename");
    for (String name : listing.texts) {
      if (HubFile.isSafePath(name)) {
        names.add(name);
      } else {
        LOG.warn(
            "{} lists a file that cannot be one: {}", Shown.address(address), Shown.text(name));
      }
    }
    return new Revision(HubFile.isCommit(listing.commit) ? listing.commit : "", names);
  }

  /** The branches of a repository. */
  List<String> branches(String repo) throws Failure, InterruptedException {
    return listing(address("/api/models/" + repo + "/refs"), "branches", "name").texts;
  }

  /** From an object that holds an array of objects, one text of each. */
  private Listing listing(URI address, String array, String member)
      throws Failure, InterruptedException {
    try (Answer answer = http.open("GET", address, Map.of(), options.answerTimeout())) {
      if (answer.status() != 200) {
        throw Status.failure(answer, options, Remedies.HUB);
      }
      byte[] bytes = answer.bytes(LONGEST_ANSWER, options.answerTimeout());
      try {
        return parse(new String(bytes, StandardCharsets.UTF_8), array, member);
      } catch (IOException | IllegalStateException e) {
        throw Failure.lasting(
            Reason.NETWORK, address, "the answer is not the hub's JSON", NO_HUB, e);
      }
    }
  }

  private static Listing parse(String text, String array, String member) throws IOException {
    List<String> found = null;
    String commit = "";
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      json.beginObject();
      while ((found == null || commit.isEmpty()) && json.hasNext()) {
        String name = json.nextName();
        if (name.equals(array) && found == null) {
          found = texts(json, member);
        } else if (name.equals("sha") && json.peek() == JsonToken.STRING) {
          commit = json.nextString();
        } else {
          json.skipValue();
        }
      }
    }
    if (found == null) {
      throw new IOException("no member " + array);
    }
    return new Listing(found, commit);
  }

  private static List<String> texts(JsonReader json, String member) throws IOException {
    List<String> found = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      if (found.size() == MOST_FILES) {
        json.skipValue();
        continue;
      }
      json.beginObject();
      while (json.hasNext()) {
        if (json.nextName().equals(member) && json.peek() == JsonToken.STRING) {
          found.add(json.nextString());
        } else {
          json.skipValue();
        }
      }
      json.endObject();
    }
    json.endArray();
    return found;
  }

  /** What the hub says in place of a file; what it surely has not is noted. */
  private Failure failure(HubFile file, Answer answer, RepoFolder folder)
      throws InterruptedException {
    Failure plain = Status.failure(answer, options, Remedies.HUB);
    if (plain.reason() == Reason.DENIED) {
      return plain.withRemedy(
          "set HF_TOKEN to a token that may read it, and if its authors ask for it accept the"
              + " licence at "
              + page(file.repo())
              + "; a repository that does not exist answers the same");
    }
    if (plain.reason() != Reason.NOT_FOUND) {
      return plain;
    }
    return switch (answer.header("X-Error-Code").orElse("")) {
      case "EntryNotFound" -> {
        String commit = answer.header("X-Repo-Commit").map(String::strip).orElse("");
        if (HubFile.isCommit(commit)) {
          folder.rememberMissing(file, commit);
        }
        yield plain.withRemedy(
            "its files are: " + shown(() -> files(file.repo(), file.revision()).paths()));
      }
      case "RevisionNotFound" ->
          plain.withRemedy("its branches are: " + shown(() -> branches(file.repo())));
      default ->
          plain.withRemedy("check the spelling of the repository; a private one needs HF_TOKEN");
    };
  }

  private interface Question {
    List<String> ask() throws Failure, InterruptedException;
  }

  private static String shown(Question question) throws InterruptedException {
    try {
      List<String> names = question.ask();
      String some = String.join(", ", names.stream().limit(MOST_SHOWN).map(Shown::text).toList());
      return names.size() > MOST_SHOWN ? some + ", ..." : some;
    } catch (Failure e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }

  private URI address(String path) {
    return URI.create(endpoint + path);
  }

  /** As Python's quote: everything but letters, digits and {@code _.-~} becomes percent and hex. */
  private static String encoded(String text, boolean keepSlash) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "_.-~".indexOf(c) >= 0
              || (keepSlash && c == '/');
      if (plain) {
        encoded.append((char) c);
      } else {
        encoded.append(String.format("%%%02X", c));
      }
    }
    return encoded.toString();
  }
}
