package io.github.vit4j.image;

/** Gif. */
final class GifDecoder {
  private GifDecoder() {}

  static RgbImage decode(ImageBytes file) {
    throw file.unsupported("Gif");
  }
}
