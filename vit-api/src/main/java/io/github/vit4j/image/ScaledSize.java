package io.github.vit4j.image;

/** The size that the evaluation transform scales an image to, before the crop. */
record ScaledSize(int width, int height) {

  /**
   * Panoramas of one pixel's height would otherwise be scaled to billions of pixels; no crop needs
   * more than this of the long side, and no real image comes near.
   */
  private static final int MAX_SIDE = 1 << 24;

  static ScaledSize of(EvalTransform transform, int width, int height) {
    int targetHeight = (int) Math.floor(transform.height() / transform.cropRatio());
    int targetWidth = (int) Math.floor(transform.width() / transform.cropRatio());
    if (transform.cropMode() == CropMode.SQUASH) {
      return new ScaledSize(targetWidth, targetHeight);
    }
    if (targetWidth == targetHeight) {
      return shortSide(targetWidth, width, height);
    }
    return keepRatio(targetWidth, targetHeight, width, height);
  }

  /** torchvision's Resize(int): the long side is truncated, not rounded. */
  private static ScaledSize shortSide(int size, int width, int height) {
    int longSide =
        (int)
            Math.min(
                MAX_SIDE,
                (double) ((long) size * Math.max(width, height)) / Math.min(width, height));
    return width <= height ? new ScaledSize(size, longSide) : new ScaledSize(longSide, size);
  }

  /**
   * timm's ResizeKeepRatio, which timm uses where height and width differ: rounded half to even.
   */
  private static ScaledSize keepRatio(int targetWidth, int targetHeight, int width, int height) {
    double ratio = Math.min((double) height / targetHeight, (double) width / targetWidth);
    return new ScaledSize(scaled(width, ratio), scaled(height, ratio));
  }

  private static int scaled(int side, double ratio) {
    return (int) Math.max(1, Math.min(MAX_SIDE, Math.rint(side / ratio)));
  }
}
