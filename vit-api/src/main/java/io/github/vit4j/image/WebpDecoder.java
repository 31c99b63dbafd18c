package io.github.vit4j.image;

/** Webp. */
final class WebpDecoder {
  private WebpDecoder() {}

  static RgbImage decode(ImageBytes file) {
    throw file.unsupported("Webp");
  }
}
