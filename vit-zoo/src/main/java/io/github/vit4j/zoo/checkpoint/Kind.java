package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a file is, by how it begins. */
enum Kind {
  SAFETENSORS,
  NPZ,
  TORCH,
  /** JSON that lists the files of a model. */
  INDEX;

  private static final int SNIFFED = 512;

  /** How pickles of protocol 2 begin, the only one that torch.save wrote by itself before 1.6. */
  private static final Pattern PICKLE = Pattern.compile("\u0080[\0-\5].*", Pattern.DOTALL);

  private static final int TAR_MAGIC = 257;

  /**
   * @throws BadInputException if it is nothing that is read, saying what it is instead
   */
  static Kind of(Path file) {
    Inputs.requireFile(file);
    byte[] start = start(file);
    // first, because the length that it begins with may look like any other kind's beginning
    if (looksLikeSafeTensors(start)) {
      return SAFETENSORS;
    }
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return TorchFile.isTorch(file) ? TORCH : NPZ;
    }
    if (PICKLE.matcher(text).matches()) {
      return TORCH;
    }
    if (text.stripLeading().startsWith("{")) {
      return INDEX;
    }
    throw new BadInputException(file + " " + whatElse(text, start));
  }

  private static boolean looksLikeSafeTensors(byte[] start) {
    if (start.length <= SafeTensors.LENGTH_BYTES || start[SafeTensors.LENGTH_BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0 && length <= SafeTensors.LONGEST_HEADER;
  }

  private static String whatElse(String text, byte[] start) {
    String lower = text.toLowerCase(Locale.ROOT).stripLeading();
    if (lower.startsWith("version https://git-lfs")) {
      return "is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'";
    }
    if (lower.startsWith("<!doctype") || lower.startsWith("<html")) {
      return "is a web page, not a checkpoint; a download link was probably not followed to its end";
    }
    if (text.startsWith("ustar", TAR_MAGIC)) {
      return "is a tar archive, as the first versions of PyTorch wrote, which is not read; in Python"
          + " torch.save(torch.load(FILE, weights_only=False), 'x.pth') writes it anew";
    }
    if (text.startsWith("\u0093NUMPY")) {
      return "is a single NumPy array; save named arrays with numpy.savez";
    }
    if (text.startsWith("\u0089HDF")) {
      return "is an HDF5 file, which is not read; convert it to safetensors";
    }
    if (text.startsWith("GGUF")) {
      return "is a GGUF file, which is not read; convert it to safetensors";
    }
    return "is no safetensors, PyTorch or npz file; it begins with the bytes "
        + HexFormat.ofDelimiter(" ").formatHex(start, 0, Math.min(16, start.length));
  }

  private static byte[] start(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SNIFFED);
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
