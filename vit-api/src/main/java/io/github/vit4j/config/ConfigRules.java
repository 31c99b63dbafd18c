package io.github.vit4j.config;

import static io.github.vit4j.config.Check.require;

import org.jspecify.annotations.Nullable;

/** What must hold for a configuration to be buildable, with messages that name the remedy. */
final class ConfigRules {

  // Far beyond any real model. A configuration may come from a file that lies, and must neither
  // overflow a count nor ask for more blocks than memory holds.
  private static final int LARGEST_SIDE = 1 << 16;
  private static final int MOST_CHANNELS = 1 << 12;
  private static final int MOST_PATCHES = 1 << 20;
  private static final int LARGEST_WIDTH = 1 << 16;
  private static final int LARGEST_MLP_WIDTH = 1 << 20;
  private static final int MOST_BRANCHES = 1 << 12;
  private static final int MOST_REGISTERS = 1 << 16;
  private static final int MOST_CLASSES = 1 << 24;

  private ConfigRules() {}

  static void sizes(int height, int width, int patch, int channels) {
    within("patchSize", patch, 1, LARGEST_SIDE);
    within("channels", channels, 1, MOST_CHANNELS);
    require(
        height >= 1 && width >= 1 && height <= LARGEST_SIDE && width <= LARGEST_SIDE,
        "image sides must lie between 1 and %d pixels, but are %dx%d",
        LARGEST_SIDE,
        height,
        width);
    divides("height", height, patch);
    divides("width", width, patch);
    long patches = (long) (height / patch) * (width / patch);
    require(
        patches <= MOST_PATCHES,
        "an image of %dx%d pixels makes %d patches of %d pixels, but at most %d are supported;"
            + " use larger patches or a smaller image",
        height,
        width,
        patches,
        patch,
        MOST_PATCHES);
  }

  private static void within(String name, int value, int least, int most) {
    require(
        value >= least && value <= most,
        "%s must lie between %d and %d, but is %d",
        name,
        least,
        most,
        value);
  }

  private static void divides(String side, int pixels, int patch) {
    int below = pixels / patch * patch;
    require(
        pixels % patch == 0,
        "image %s %d is not divisible by patch size %d; use %s%d",
        side,
        pixels,
        patch,
        below == 0 ? "" : below + " or ",
        below + patch);
  }

  static void shape(int width, int depth, int parallel, int heads, int mlpWidth, int classes) {
    within("width", width, 1, LARGEST_WIDTH);
    within("depth", depth, 1, MOST_BRANCHES);
    within("parallel", parallel, 1, MOST_BRANCHES);
    require(
        (long) depth * parallel <= MOST_BRANCHES,
        "depth %d times parallel %d must be at most %d branches; use fewer of either",
        depth,
        parallel,
        MOST_BRANCHES);
    within("heads", heads, 1, LARGEST_WIDTH);
    // even widths only: a remedy should be a shape that people really use
    int step = heads % 2 == 0 ? heads : 2 * heads;
    int below = width / step * step;
    require(
        width % heads == 0,
        "width %d is not divisible by heads %d; use %s%d",
        width,
        heads,
        below == 0 ? "" : below + " or ",
        below + step);
    within("mlpWidth", mlpWidth, 1, LARGEST_MLP_WIDTH);
    within("classes (0 for no head)", classes, 0, MOST_CLASSES);
  }

  static void stem(Stem stem, int patch, int width) {
    switch (stem.kind()) {
      case HMLP -> {
        long product = 1;
        for (int kernel : stem.kernels()) {
          product = Math.min(product * kernel, Integer.MAX_VALUE); // cannot wrap around
        }
        require(
            product == patch,
            "hMLP kernels %s make patches of %d pixels, but the patch size is %d;"
                + " give kernels whose product is %d, such as hmlpStem(%s)",
            stem.kernels(),
            product,
            patch,
            patch,
            suggestKernels(patch));
        require(
            width % 4 == 0,
            "an hMLP stem starts with a quarter of the width, but width %d is not divisible by 4;"
                + " use %d",
            width,
            width / 4 * 4 + 4);
      }
      case CONV -> {
        int layers = Integer.numberOfTrailingZeros(patch);
        require(
            patch >= 2 && Integer.bitCount(patch) == 1,
            "a convolutional stem halves the image at each layer, but patch size %d is not a power"
                + " of 2; use 8, 16 or 32",
            patch);
        require(
            width % (1 << (layers - 1)) == 0,
            "a convolutional stem doubles its channels %d times up to the width, but width %d is"
                + " not divisible by %d",
            layers - 1,
            width,
            1 << (layers - 1));
      }
      case LINEAR -> {}
    }
  }

  private static String suggestKernels(int patch) {
    if (patch % 4 == 0 && patch > 4) {
      return patch / 4 + ", 2, 2";
    }
    return patch % 2 == 0 ? patch / 2 + ", 2, 1" : patch + ", 1, 1";
  }

  static void tokens(
      boolean classToken, int registers, boolean distillation, Pooling pooling, FinalNorm norm) {
    within("registerTokens", registers, 0, MOST_REGISTERS);
    require(
        classToken || (pooling != Pooling.TOKEN && pooling != Pooling.TOKEN_AND_MEAN),
        "token pooling needs a class token; keep the class token or pool by mean or map");
    require(
        pooling != Pooling.TOKEN_AND_MEAN || norm == FinalNorm.BEFORE_POOL,
        "class token and mean together need the final norm before pooling, since each is normed on"
            + " its own");
    require(
        !distillation || (classToken && pooling == Pooling.TOKEN),
        "a distillation token needs a class token and token pooling, because its second head is"
            + " averaged with the class token's");
    require(
        !distillation || norm == FinalNorm.BEFORE_POOL,
        "a distillation token needs the final norm before pooling, since both tokens are normed");
  }

  static void positions(
      PositionEmbedding position, RelativePosition relative, boolean classToken, int width) {
    require(
        position != PositionEmbedding.SIN_COS || width % 4 == 0,
        "sin-cos positions need a width divisible by 4, but width is %d; use %d",
        width,
        width / 4 * 4 + 4);
    require(
        relative == RelativePosition.NONE || classToken,
        "the relative position bias has entries for a class token; keep the class token");
  }

  static void relative(RelativePosition relative, int registers, boolean distillation) {
    require(
        relative == RelativePosition.NONE || (registers == 0 && !distillation),
        "the relative position bias knows patches and a class token only; drop register and"
            + " distillation tokens");
  }

  static void rates(
      double eps,
      @Nullable Double layerScale,
      double dropPath,
      double dropout,
      double attentionDropout,
      double headDropout) {
    require(eps > 0 && eps < 1, "normEps must lie in (0, 1), but is %s", eps);
    require(
        layerScale == null || Double.isFinite(layerScale),
        "layerScale must be a finite number, but is %s",
        String.valueOf(layerScale));
    rate("dropPath", dropPath);
    rate("dropout", dropout);
    rate("attentionDropout", attentionDropout);
    rate("headDropout", headDropout);
  }

  private static void rate(String name, double rate) {
    require(rate >= 0 && rate < 1, "%s must lie in [0, 1), but is %s", name, rate);
  }
}
