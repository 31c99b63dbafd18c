package io.github.vit4j.zoo.hub;

import java.util.List;
import java.util.Map;

/**
 * What a file's content must hash to.
 *
 * @param anyOf the hashes of which one must agree
 * @param hex how it begins, in hexadecimal
 * @param source who says so, for the message
 */
record Expected(List<Digest> anyOf, String hex, String source) {

  static Expected sha256(String hex, String source) {
    return new Expected(List.of(Digest.SHA256), hex, source);
  }

  boolean agrees(Map<Digest, String> hashes) {
    return anyOf.stream().anyMatch(kind -> hashes.getOrDefault(kind, "").startsWith(hex));
  }

  /** The disagreement in words. */
  String against(Map<Digest, String> hashes) {
    Digest kind = anyOf.get(0);
    return "its "
        + kind
        + " is "
        + hashes.getOrDefault(kind, "unknown")
        + ", but "
        + source
        + " says "
        + hex;
  }
}
