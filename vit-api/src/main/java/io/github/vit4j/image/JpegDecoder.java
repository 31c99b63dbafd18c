package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG by the JDK's reader, which is libjpeg with the accurate integer transform and smooth chroma
 * upsampling: the same numbers as Pillow's libjpeg-turbo. Only the raw components are taken from
 * it; the colour conversion is done here, because Java's applies colour profiles and a grey gamma.
 */
final class JpegDecoder {

  private static final String READER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

  private JpegDecoder() {}

  static RgbImage decode(ImageBytes file) {
    JpegHeader header = JpegHeader.parse(file);
    byte[] samples = samples(file, header);
    int pixels = header.width() * header.height();
    // with three channels the conversion is in place: a large image is held once
    byte[] rgb = header.components() == 3 ? samples : new byte[3 * pixels];
    switch (header.colours()) {
      case RGB -> {}
      case GREY -> JpegColours.greyToRgb(samples, rgb);
      case YCBCR -> JpegColours.ycbcrToRgb(rgb);
      case CMYK -> JpegColours.cmykToRgb(samples, rgb);
      case YCCK -> {
        JpegColours.ycckToCmyk(samples);
        JpegColours.cmykToRgb(samples, rgb);
      }
    }
    return Orientation.apply(
        RgbImage.of(header.width(), header.height(), rgb), header.orientation());
  }

  /** The decoded components, interleaved, before any colour conversion. */
  private static byte[] samples(ImageBytes file, JpegHeader header) {
    ImageReader reader = ImageReaders.create(READER);
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(header.stripped()))) {
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      int expected = header.width() * header.height() * header.components();
      if (raster.getNumBands() != header.components()
          || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
          || buffer.getData().length != expected) {
        throw file.broken("its scans do not match its frame header");
      }
      return buffer.getData();
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // the reader throws many kinds for broken data: index, state, argument
      throw file.broken(e);
    } finally {
      reader.dispose();
    }
  }
}
