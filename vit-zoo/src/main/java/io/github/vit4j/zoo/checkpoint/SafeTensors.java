package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, then the
 * tensors row-major and little-endian, back to back. Source: the format section of the README of <a
 * href="https://github.com/huggingface/safetensors">huggingface/safetensors</a>.
 */
public final class SafeTensors {

  /** The longest header the format allows, bytes. */
  static final int LONGEST_HEADER = 100_000_000;

  static final int LENGTH_BYTES = 8;

  private SafeTensors() {}

  /**
   * Opens a file, reading and checking its header only.
   *
   * @param file a safetensors file of any length
   * @return the open file; the caller closes it
   * @throws BadInputException if the file cannot be read or breaks any rule of the format
   */
  public static Checkpoint open(Path file) {
    Inputs.requireFile(file);
    MappedFile mapped = null;
    try {
      mapped = MappedFile.open(file);
      Checkpoint opened = open(mapped);
      mapped = null;
      return opened;
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(file + ": " + e.getMessage(), e);
    } finally {
      Inputs.closeQuietly(mapped);
    }
  }

  /**
   * Writes a file as the safetensors library lays it out: the widest types first, then by name, so
   * that the same tensors always give the same bytes. It is complete or not there at all: it is
   * written beside its place and then moved, so a file that was there stays until that moment.
   *
   * @param file replaced if it exists
   * @param metadata free text about the file
   * @param tensors in any order, each name once; their values are read one after the other
   * @throws BadInputException if a name is used twice or reserved, or a source gives too few bytes;
   *     or if the file cannot be written
   */
  public static void write(
      Path file, Map<String, String> metadata, Iterable<TensorSource> tensors) {
    write(file, new SafeTensorsWriter(metadata, tensors, null));
  }

  /**
   * Writes a file as {@link #write(Path, Map, Iterable)} does, with all floating-point tensors in
   * one type; others stay as they are. Values are rounded to float32 and from there to the nearest,
   * ties to even.
   *
   * @param file replaced if it exists
   * @param metadata free text about the file
   * @param tensors in any order, each name once; their values are read one after the other
   * @param floatsAs F32, F16 or BF16
   * @throws BadInputException as above, or if a finite value is too large for {@code floatsAs}; or
   *     if the file cannot be written
   */
  public static void write(
      Path file,
      Map<String, String> metadata,
      Iterable<TensorSource> tensors,
      TensorType floatsAs) {
    write(file, new SafeTensorsWriter(metadata, tensors, floatsAs));
  }

  private static void write(Path file, SafeTensorsWriter writer) {
    try {
      writer.write(file);
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static Checkpoint open(MappedFile file) throws IOException {
    FileChannel channel = file.channel();
    long fileLength = channel.size();
    if (fileLength < LENGTH_BYTES) {
      throw new BadInputException(
          "has only " + fileLength + " bytes, too few for a safetensors file");
    }
    long headerLength =
        channel.map(MapMode.READ_ONLY, 0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength < 0 || headerLength > LONGEST_HEADER) {
      throw new BadInputException(
          "claims a header of "
              + Long.toUnsignedString(headerLength)
              + " bytes; safetensors allows "
              + LONGEST_HEADER
              + ", so this is another format or a broken file");
    }
    if (headerLength > fileLength - LENGTH_BYTES) {
      throw new BadInputException(
          "claims a header of "
              + headerLength
              + " bytes but has only "
              + (fileLength - LENGTH_BYTES)
              + " left; the file is cut short, so fetch it again");
    }
    long dataStart = LENGTH_BYTES + headerLength;
    ByteBuffer json = json(channel.map(MapMode.READ_ONLY, LENGTH_BYTES, headerLength));
    Reader text =
        new InputStreamReader(
            Inputs.stream(json),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    SafeTensorsHeader header = SafeTensorsHeader.parse(text, fileLength - dataStart);
    return new SafeTensorsFile(file, header, dataStart);
  }

  /** The header without its padding, which may only be spaces, and only at the end. */
  private static ByteBuffer json(ByteBuffer header) {
    if (!header.hasRemaining() || header.get(0) != '{') {
      throw new BadInputException("the header does not begin with '{'");
    }
    int end = header.limit();
    while (header.get(end - 1) == ' ') {
      end--;
    }
    if (header.get(end - 1) != '}') {
      throw new BadInputException("the header does not end with '}' and spaces");
    }
    return header.limit(end);
  }
}
