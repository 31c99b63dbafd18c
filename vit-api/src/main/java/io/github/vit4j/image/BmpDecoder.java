package io.github.vit4j.image;

/** Bmp. */
final class BmpDecoder {
  private BmpDecoder() {}

  static RgbImage decode(ImageBytes file) {
    throw file.unsupported("Bmp");
  }
}
