package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Image files to RGB pixels as Pillow's {@code ImageOps.exif_transpose(Image.open(f))
 * .convert("RGB")} gives them: JPEG, PNG, WebP, GIF (the first frame) and BMP, told apart by their
 * first bytes, not by the file's name.
 *
 * <p>Transparency is dropped, not blended; colour profiles and gamma are ignored; CMYK becomes RGB
 * by the plain formula; of 16-bit channels the high byte stays; the EXIF orientation is applied.
 *
 * <p>Files are taken as hostile. The size in the header is checked before anything of that size is
 * allocated, and whatever is wrong with a file comes out as one {@link BadInputException} that
 * names it. A file that ends early is refused, not filled with grey.
 *
 * <p>Immutable, so one decoder may be used by many threads.
 */
public final class ImageDecoder {

  /** Pillow's {@code Image.MAX_IMAGE_PIXELS}: a quarter gigabyte of RGB. */
  public static final long DEFAULT_MAX_PIXELS = 89_478_485;

  /** 256 MiB, more than any image within the pixel limit needs in practice. */
  public static final long DEFAULT_MAX_FILE_BYTES = 1L << 28;

  /** As long as a path can be. */
  private static final int LONGEST_NAME = 4096;

  private final long maxPixels;
  private final long maxFileBytes;

  /** A decoder with the default limits. */
  public ImageDecoder() {
    this(DEFAULT_MAX_PIXELS, DEFAULT_MAX_FILE_BYTES);
  }

  private ImageDecoder(long maxPixels, long maxFileBytes) {
    if (maxPixels < 1 || maxFileBytes < 1) {
      throw new BadInputException(
          "Limits of %d pixels and %d bytes are not possible: both must be at least 1."
              .formatted(maxPixels, maxFileBytes));
    }
    this.maxPixels = maxPixels;
    this.maxFileBytes = maxFileBytes;
  }

  /**
   * @param maxPixels images of more pixels (width times height) are refused; whatever the limit,
   *     715,827,882 pixels are the most that fit a Java array
   * @return a decoder with this limit
   * @throws BadInputException if the limit is below 1
   */
  public ImageDecoder withMaxPixels(long maxPixels) {
    return new ImageDecoder(maxPixels, maxFileBytes);
  }

  /**
   * @param maxFileBytes larger files are refused unread
   * @return a decoder with this limit
   * @throws BadInputException if the limit is below 1
   */
  public ImageDecoder withMaxFileBytes(long maxFileBytes) {
    return new ImageDecoder(maxPixels, maxFileBytes);
  }

  /**
   * @param file an image file
   * @return its pixels, upright
   * @throws BadInputException if the file is missing, is no image of a known kind, is broken, or is
   *     over a limit
   */
  public RgbImage decode(Path file) {
    String name = shown(file.toString());
    if (!Files.exists(file)) {
      throw new BadInputException("Image %s does not exist: check the path.".formatted(name));
    }
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          "Image %s is a directory or a device: give the path of one image file.".formatted(name));
    }
    return decode(read(file, name), name);
  }

  private byte[] read(Path file, String name) {
    // one byte more than allowed, because the size on disk may change while it is read
    int most = (int) Math.min(maxFileBytes + 1, Integer.MAX_VALUE - 16);
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      if (size > maxFileBytes) {
        throw tooLarge(name, size);
      }
      return in.readNBytes(most);
    } catch (NoSuchFileException e) {
      throw new BadInputException("Image %s does not exist: check the path.".formatted(name), e);
    } catch (IOException e) {
      throw new BadInputException(
          "Image %s cannot be read (%s): check the disk and the file's permissions."
              .formatted(name, shown(String.valueOf(e.getMessage()))),
          e);
    }
  }

  /**
   * @param data a whole image file
   * @param called what messages call it
   * @return its pixels, upright
   * @throws BadInputException if the bytes are no image of a known kind, are broken, or are over a
   *     limit
   */
  public RgbImage decode(byte[] data, String called) {
    String name = shown(called);
    if (data.length > maxFileBytes) {
      throw tooLarge(name, data.length);
    }
    if (data.length == 0) {
      throw new BadInputException(
          "Image %s is empty (0 bytes). Replace or remove the file.".formatted(name));
    }
    ImageBytes file = new ImageBytes(data, name, maxPixels);
    try {
      return decode(file);
    } catch (BadInputException | IllegalStateException e) {
      throw e; // a Java runtime without a reader is not the file's fault
    } catch (RuntimeException | StackOverflowError e) {
      // no file is known that gets here; if there is one, it is not worth a service
      throw file.broken(e);
    } catch (OutOfMemoryError e) {
      // the one allocation that failed was huge and is gone; the rest of the JVM is unharmed
      throw new BadInputException(
          "Image %s needs more memory than this JVM has: give it more (-Xmx) or scale the image."
              .formatted(name),
          e);
    }
  }

  private static RgbImage decode(ImageBytes file) {
    if (file.has(0, "\u00ff\u00d8\u00ff")) {
      return JpegDecoder.decode(file);
    }
    if (file.has(0, PngDecoder.SIGNATURE)) {
      return PngDecoder.decode(file);
    }
    if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
      return WebpDecoder.decode(file);
    }
    if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
      return GifDecoder.decode(file);
    }
    if (file.has(0, "BM")) {
      return BmpDecoder.decode(file);
    }
    throw new BadInputException(
        "%s is not an image that can be decoded: its first bytes are those of no JPEG, PNG, WebP, GIF or BMP file. Convert it to one of these."
            .formatted(file.name()));
  }

  /** A file's name comes with its archive, so it is as hostile as the file. */
  private static String shown(String name) {
    return Shown.text(name, LONGEST_NAME);
  }

  private BadInputException tooLarge(String name, long size) {
    return new BadInputException(
        "Image %s has %d bytes, over the limit of %d: raise the decoder's limit if you trust the file."
            .formatted(name, size, maxFileBytes));
  }
}
