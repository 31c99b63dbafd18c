package io.github.vit4j.zoo.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of a blob: the ETag that the hub gives a file, without the quotes.
 *
 * <p>The hub's ETag is the content's SHA-256 for files in large-file storage and git's SHA-1 for
 * all others. A server may send anything, so whatever is neither becomes a hash of itself before it
 * becomes a file name.
 */
record EntityTag(String blobName, List<Expected> checks) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

  static EntityTag parse(String header) {
    String tag = unquoted(header);
    if (SHA256.matcher(tag).matches()) {
      return new EntityTag(tag, List.of(Expected.sha256(tag, "its ETag")));
    }
    if (SHA1.matcher(tag).matches()) {
      // some mirrors (Artifactory) send the plain SHA-1 where the hub sends git's
      Expected check = new Expected(List.of(Digest.GIT_BLOB, Digest.SHA1), tag, "its ETag");
      return new EntityTag(tag, List.of(check));
    }
    return new EntityTag("etag-" + hashOf(tag), List.of());
  }

  static String unquoted(String header) {
    String tag = header.strip();
    if (tag.startsWith("W/")) {
      tag = tag.substring(2);
    }
    return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
        ? tag.substring(1, tag.length() - 1)
        : tag;
  }

  private static String hashOf(String tag) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(tag.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 20);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
