package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.Shown;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The element types that a checkpoint can hold; each constant is named as safetensors names it.
 *
 * <p>The order is that of the safetensors library, by rising alignment: a writer that lays tensors
 * out from the last constant to the first keeps each of them aligned to its own element size.
 */
public enum TensorType {
  /** One byte, 0 or 1. */
  BOOL(1, Kind.INTEGER),
  /** Unsigned, 8 bits. */
  U8(1, Kind.INTEGER),
  /** Signed, 8 bits. */
  I8(1, Kind.INTEGER),
  /** Float, 8 bits: 5 of exponent, 2 of mantissa, with infinities. */
  F8_E5M2(1, Kind.FLOAT),
  /** Float, 8 bits: 4 of exponent, 3 of mantissa, without infinities. */
  F8_E4M3(1, Kind.FLOAT),
  /** Signed, 16 bits. */
  I16(2, Kind.INTEGER),
  /** Unsigned, 16 bits. */
  U16(2, Kind.INTEGER),
  /** IEEE 754 binary16. */
  F16(2, Kind.FLOAT),
  /** The upper 16 bits of a float32. */
  BF16(2, Kind.FLOAT),
  /** Signed, 32 bits. */
  I32(4, Kind.INTEGER),
  /** Unsigned, 32 bits. */
  U32(4, Kind.INTEGER),
  /** IEEE 754 binary32. */
  F32(4, Kind.FLOAT),
  /** IEEE 754 binary64. */
  F64(8, Kind.FLOAT),
  /** Signed, 64 bits. */
  I64(8, Kind.INTEGER),
  /** Unsigned, 64 bits. */
  U64(8, Kind.INTEGER);

  private enum Kind {
    INTEGER,
    FLOAT
  }

  private static final Map<String, String> KNOWN_BUT_UNREAD =
      Map.of(
          "F4", "a 4-bit float",
          "F6_E2M3", "a 6-bit float",
          "F6_E3M2", "a 6-bit float",
          "F8_E8M0", "an 8-bit scale",
          "F8_E4M3FNUZ", "an 8-bit float of another convention",
          "F8_E5M2FNUZ", "an 8-bit float of another convention",
          "C64", "a complex number");

  private final int size;
  private final Kind kind;

  TensorType(int size, Kind kind) {
    this.size = size;
    this.kind = kind;
  }

  /**
   * @return bytes of one element
   */
  public int size() {
    return size;
  }

  /**
   * @return whether this is a floating-point type
   */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  static Optional<TensorType> named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Why a type that {@link #named} does not find is not read, for an error message. */
  static String whyUnread(String name) {
    String known = KNOWN_BUT_UNREAD.get(name);
    if (known != null) {
      return "has dtype " + name + ", " + known + ", which is not read; convert it to F32 or BF16";
    }
    boolean wrongCase = named(name.toUpperCase(Locale.ROOT)).isPresent();
    return "has the unknown dtype "
        + Shown.quoted(name)
        + (wrongCase ? "; safetensors writes dtypes in capitals" : "");
  }
}
