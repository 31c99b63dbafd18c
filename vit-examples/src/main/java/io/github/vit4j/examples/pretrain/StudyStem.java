package io.github.vit4j.examples.pretrain;

import ai.djl.Device;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.examples.cifar10.SmallRecipe;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.util.List;
import java.util.function.UnaryOperator;

/** The stems of the study, each before the same encoder of about 0.4 million parameters. */
enum StudyStem {
  LINEAR("linear", ViTBuilder::linearStem, "82.20", "83.05"),
  HMLP("hMLP", b -> b.hmlpStem(2, 2, 1), "82.54", "83.43"),
  CONV("overlapping conv", ViTBuilder::convStem, "82.57", "83.04"),

  /** Not in the paper's table. */
  HMLP_LN("hMLP, LayerNorm", b -> b.hmlpStem(StemNorm.LAYER_NORM, 2, 2, 1), "-", "-");

  static final int SIDE = 32;
  static final int PATCH = 4;

  final String title;
  private final UnaryOperator<ViTBuilder> choose;

  /** Table 7 of "Three things": ImageNet top-1 of ViT-B, supervised and after BEiT. */
  final String paperSupervised;

  final String paperBeit;

  StudyStem(
      String title, UnaryOperator<ViTBuilder> choose, String paperSupervised, String paperBeit) {
    this.title = title;
    this.choose = choose;
    this.paperSupervised = paperSupervised;
    this.paperBeit = paperBeit;
  }

  /** A model with values drawn from the seed; the caller closes it. */
  ViTModel model(long seed, double layerScale) {
    ViTConfig config =
        choose
            .apply(
                ViT.builder().imageSize(SIDE).patchSize(PATCH).width(96).depth(4).heads(3).beit())
            .noHead()
            .config();
    VisionTransformer network = ViT.from(config).layerScale(layerScale).seed(seed).build();
    return ViTModel.of(network, preprocessing(), List.of(), Device.cpu());
  }

  static EvalTransform preprocessing() {
    return SmallRecipe.preprocessing(SIDE);
  }
}
