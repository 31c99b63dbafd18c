package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle; no length is believed before that many bytes are known to be there. */
public final class PickleInput {

  /** The largest integer of any checkpoint is the magic number of PyTorch, 80 bits. */
  private static final int LONGEST_INTEGER = 1024;

  private static final int LONGEST_NUMBER_TEXT = 1000;

  private final ByteBuffer bytes;

  /**
   * @param bytes from the position on; the buffer's own position stays where it is
   */
  public PickleInput(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return how many bytes have been read} */
  public int position() {
    return bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int unsignedByte() {
    return need(1).get() & 0xFF;
  }

  int unsignedShort() {
    return need(2).getShort() & 0xFFFF;
  }

  int signedInt() {
    return need(4).getInt();
  }

  long unsignedInt() {
    return need(4).getInt() & 0xFFFF_FFFFL;
  }

  long signedLong() {
    return need(8).getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  /** {@return a length that is checked against what remains} */
  int length(long claimed) {
    if (claimed < 0 || claimed > bytes.remaining()) {
      throw new BadInputException(
          "claims "
              + Long.toUnsignedString(claimed)
              + " bytes at byte "
              + position()
              + " but has only "
              + bytes.remaining()
              + " left");
    }
    return (int) claimed;
  }

  RawBytes raw(long claimed) {
    int length = length(claimed);
    bytes.position(bytes.position() + length);
    return new RawBytes(length);
  }

  /** {@return UTF-8 text, in which Python may hide half surrogate pairs} */
  String text(long claimed) {
    ByteBuffer part = bytes.slice(bytes.position(), length(claimed));
    bytes.position(bytes.position() + part.remaining());
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(part.duplicate())
          .toString();
    } catch (CharacterCodingException e) {
      // Python 2 wrote its byte strings so, and they mean what Latin-1 makes of them
      return StandardCharsets.ISO_8859_1.decode(part).toString();
    }
  }

  /** {@return the text up to the end of the line, Latin-1} */
  String line() {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    if (end == bytes.limit()) {
      throw new BadInputException("ends within a line that begins at byte " + position());
    }
    ByteBuffer part = bytes.slice(bytes.position(), end - bytes.position());
    bytes.position(end + 1);
    return StandardCharsets.ISO_8859_1.decode(part).toString();
  }

  /** {@return a number in the digits that protocol 0 writes; a long if it fits} */
  Number decimal() {
    String text = line();
    String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
    if (digits.length() > LONGEST_NUMBER_TEXT || !digits.matches("[+-]?[0-9]+")) {
      throw notANumber(text);
    }
    return narrowed(new BigInteger(digits));
  }

  double decimalDouble() {
    String text = line();
    try {
      if (text.length() <= LONGEST_NUMBER_TEXT) {
        return switch (text) {
          case "inf" -> Double.POSITIVE_INFINITY;
          case "-inf" -> Double.NEGATIVE_INFINITY;
          case "nan" -> Double.NaN;
          default -> Double.parseDouble(text);
        };
      }
    } catch (NumberFormatException e) {
      throw notANumber(text);
    }
    throw notANumber(text);
  }

  /** {@return a number in two's complement; a long if it fits} */
  Number integer(long claimed) {
    int length = length(claimed);
    if (length > LONGEST_INTEGER) {
      throw new BadInputException("holds an integer of " + length + " bytes");
    }
    byte[] digits = new byte[length];
    for (int i = length - 1; i >= 0; i--) {
      digits[i] = bytes.get();
    }
    return length == 0 ? 0L : narrowed(new BigInteger(digits));
  }

  private static Number narrowed(BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    return number;
  }

  private static BadInputException notANumber(String text) {
    return new BadInputException("holds " + Shown.quoted(text) + " where a number must be");
  }

  private ByteBuffer need(int count) {
    if (bytes.remaining() < count) {
      throw new BadInputException("ends at byte " + bytes.limit() + ", within an instruction");
    }
    return bytes;
  }
}
