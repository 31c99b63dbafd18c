package io.github.vit4j.zoo.hub;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hashes of the whole file that a server sends along: Repr-Digest (RFC 9530), Digest (RFC 3230),
 * x-goog-hash (Google's storage) and, with a whole answer, Content-MD5.
 */
final class ServedChecks {

  private static final Pattern REPR = Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/=]{44}):");
  private static final Pattern DIGEST =
      Pattern.compile("(?:^|[,\\s])(?i:sha-256)=([A-Za-z0-9+/=]{44})");
  private static final Pattern GOOGLE = Pattern.compile("(?:^|[,\\s])md5=([A-Za-z0-9+/=]{24})");
  private static final Pattern MD5 = Pattern.compile("^\\s*([A-Za-z0-9+/=]{24})\\s*$");

  private ServedChecks() {}

  static List<Expected> of(Answer answer) {
    List<Expected> checks = new ArrayList<>();
    add(checks, answer, "Repr-Digest", REPR, Digest.SHA256);
    add(checks, answer, "Digest", DIGEST, Digest.SHA256);
    add(checks, answer, "x-goog-hash", GOOGLE, Digest.MD5);
    if (answer.status() == 200) {
      add(checks, answer, "Content-MD5", MD5, Digest.MD5);
    }
    return checks;
  }

  private static void add(
      List<Expected> checks, Answer answer, String header, Pattern form, Digest kind) {
    for (String value : answer.headers().allValues(header)) {
      Matcher matcher = form.matcher(value);
      if (matcher.find()) {
        String hex = hex(matcher.group(1));
        if (!hex.isEmpty()) {
          checks.add(new Expected(List.of(kind), hex, "the server's header " + header));
        }
      }
    }
  }

  private static String hex(String base64) {
    try {
      return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
