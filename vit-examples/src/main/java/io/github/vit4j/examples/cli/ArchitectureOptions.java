package io.github.vit4j.examples.cli;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An architecture, spelt out: the builder's verbs as options. */
final class ArchitectureOptions {

  /** The builder's presets. */
  enum Preset {
    TINY(ViTBuilder::tiny),
    SMALL(ViTBuilder::small),
    BASE(ViTBuilder::base),
    LARGE(ViTBuilder::large),
    HUGE(ViTBuilder::huge),
    GIANT(ViTBuilder::giant),
    GIGANTIC(ViTBuilder::gigantic);

    private final Consumer<ViTBuilder> verb;

    Preset(Consumer<ViTBuilder> verb) {
      this.verb = verb;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(names = "--preset", description = "One of ${COMPLETION-CANDIDATES}.")
  @Nullable Preset preset;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = "A shape as Scaling Vision Transformers names it, from s/28 to G/14.")
  @Nullable String variant;

  @Option(names = "--width", paramLabel = "N", description = "Size of a token.")
  @Nullable Integer width;

  @Option(names = "--depth", paramLabel = "N", description = "Blocks.")
  @Nullable Integer depth;

  @Option(names = "--heads", paramLabel = "N", description = "Attention heads.")
  @Nullable Integer heads;

  @Option(names = "--mlp-ratio", paramLabel = "X", description = "Hidden width over width.")
  @Nullable Double mlpRatio;

  @Option(names = "--parallel", paramLabel = "N", description = "Branches side by side.")
  @Nullable Integer parallel;

  @Option(names = "--patch-size", paramLabel = "N", description = "Side of a patch in pixels.")
  @Nullable Integer patchSize;

  @Option(
      names = "--image-size",
      paramLabel = "N|HxW",
      description = "Side in pixels, or height x width.")
  @Nullable String imageSize;

  @Option(names = "--classes", paramLabel = "N", description = "Classes; 0 for no head.")
  @Nullable Integer classes;

  @Option(names = "--hmlp", description = "Hierarchical MLP stem.")
  boolean hmlp;

  @Option(
      names = "--hmlp-kernels",
      paramLabel = "N",
      split = ",",
      description = "Its kernels, whose product is the patch size, such as 2,2,1.")
  int @Nullable [] hmlpKernels;

  @Option(names = "--conv-stem", description = "Overlapping convolutional stem.")
  boolean convStem;

  @Option(names = "--layer-scale", paramLabel = "X", description = "LayerScale's initial value.")
  @Nullable Double layerScale;

  @Option(names = "--pooling", description = "One of ${COMPLETION-CANDIDATES}.")
  @Nullable Pooling pooling;

  @Option(names = "--registers", paramLabel = "N", description = "Register tokens.")
  @Nullable Integer registers;

  @Option(names = "--swiglu", description = "SwiGLU feed-forward branches.")
  boolean swiglu;

  private boolean given;

  /** The model described, or null if nothing is. */
  @Nullable VisionTransformer model() {
    ViTBuilder builder = ViT.builder();
    on(preset, p -> p.verb.accept(builder));
    on(variant, builder::variant);
    on(width, builder::width);
    on(depth, builder::depth);
    on(heads, builder::heads);
    on(mlpRatio, builder::mlpRatio);
    on(parallel, builder::parallel);
    on(patchSize, builder::patchSize);
    on(imageSize, size -> imageSize(builder, size));
    on(classes, builder::classes);
    on(hmlp ? true : null, yes -> builder.hmlpStem());
    on(hmlpKernels, builder::hmlpStem);
    on(convStem ? true : null, yes -> builder.convStem());
    on(layerScale, builder::layerScale);
    on(pooling, builder::pooling);
    on(registers, builder::registerTokens);
    on(swiglu ? true : null, yes -> builder.swiglu());
    return given ? builder.build() : null;
  }

  private <T> void on(@Nullable T value, Consumer<T> verb) {
    if (value != null) {
      given = true;
      verb.accept(value);
    }
  }

  private static void imageSize(ViTBuilder builder, String text) {
    if (!text.matches("\\d{1,9}([xX]\\d{1,9})?")) {
      throw new BadInputException(
          "--image-size must be a number of pixels or height x width such as 224x320, but is '%s'"
              .formatted(text));
    }
    String[] sides = text.split("[xX]");
    int height = Integer.parseInt(sides[0]);
    builder.imageSize(height, sides.length == 1 ? height : Integer.parseInt(sides[1]));
  }
}
