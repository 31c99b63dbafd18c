package io.github.vit4j.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** The hashes that servers name a file's content by. */
enum Digest {
  SHA256("SHA-256"),
  SHA1("SHA-1"),
  /** Git's name of a file: the SHA-1 of {@code "blob <length>\0"} and the content. */
  GIT_BLOB("SHA-1"),
  MD5("MD5");

  private static final int CHUNK = 1 << 16;

  private final String algorithm;

  Digest(String algorithm) {
    this.algorithm = algorithm;
  }

  /** All the hashes asked for, in hexadecimal, in one pass over the file. */
  static Map<Digest, String> of(Path file, Collection<Digest> kinds)
      throws IOException, InterruptedException {
    Set<Digest> wanted = kinds.isEmpty() ? EnumSet.noneOf(Digest.class) : EnumSet.copyOf(kinds);
    Map<Digest, MessageDigest> running = new EnumMap<>(Digest.class);
    for (Digest kind : wanted) {
      running.put(kind, kind.start(Files.size(file)));
    }
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        for (MessageDigest digest : running.values()) {
          digest.update(chunk, 0, count);
        }
      }
    }
    Map<Digest, String> hashes = new EnumMap<>(Digest.class);
    running.forEach((kind, digest) -> hashes.put(kind, HexFormat.of().formatHex(digest.digest())));
    return hashes;
  }

  private MessageDigest start(long length) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      if (this == GIT_BLOB) {
        digest.update(("blob " + length + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
