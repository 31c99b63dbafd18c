package io.github.vit4j.zoo.registry;

import io.github.vit4j.error.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * One place where the weights of a model can be had.
 *
 * @param address where
 * @param format how the file is laid out
 * @param names whose parameter names it carries, as {@link
 *     io.github.vit4j.zoo.names.NameConverter#family()} says
 * @param sha256 the SHA-256 that a public source prints for this file, as 64 lower-case hexadecimal
 *     digits, or the first 8 or more of them; null where nobody prints one
 * @param note what else is in the file or must be known to read it, or null
 */
public record Source(
    Address address,
    FileFormat format,
    String names,
    @Nullable String sha256,
    @Nullable String note) {

  private static final int COMPLETE = 64;

  /** Refuses a checksum that is none. */
  public Source {
    if (sha256 != null && !sha256.matches("[0-9a-f]{8,64}")) {
      throw new BadInputException(
          "'%s' is no SHA-256; write its 64 hexadecimal digits in lower case, or the first 8 or more"
              .formatted(sha256));
    }
  }

  /** {@return whether the whole SHA-256 is known, not only how it begins} */
  public boolean hasCompleteSha256() {
    return sha256 != null && sha256.length() == COMPLETE;
  }

  /** {@return how a download from here is verified, for people} */
  public String verification() {
    if (sha256 != null) {
      return hasCompleteSha256()
          ? "sha-256 " + sha256
          : "sha-256 begins with " + sha256 + ", as the publisher's file name says";
    }
    if (address instanceof Address.HubFile) {
      return "no published checksum: the hub's ETag is verified at download and pinned locally";
    }
    if (address instanceof Address.Link) {
      return "no published checksum: pinned locally at the first download";
    }
    return "not downloaded";
  }
}
