package io.github.vit4j.zoo.description;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The {@code config.json} that timm writes for the hub: the name of an architecture, the arguments
 * in which the model differs from it, and the preprocessing under {@code pretrained_cfg} (older
 * files have it beside the name).
 */
final class TimmHubConfig {

  private static final Map<String, Pooling> POOLS =
      Map.of("token", Pooling.TOKEN, "avg", Pooling.MEAN, "map", Pooling.MAP);

  /** Arguments that do not change what a trained model computes. */
  private static final List<String> HARMLESS =
      List.of(
          "dynamic_img_size",
          "dynamic_img_pad",
          "weight_init",
          "fix_init",
          "drop_rate",
          "drop_path_rate",
          "pos_drop_rate",
          "proj_drop_rate",
          "attn_drop_rate",
          "patch_drop_rate");

  private final JsonKeys keys;
  private final JsonKeys arguments;
  private final JsonKeys pretrained;

  private TimmHubConfig(JsonKeys keys) {
    this.keys = keys;
    arguments = keys.object("model_args");
    pretrained = keys.has("pretrained_cfg") ? keys.object("pretrained_cfg") : keys;
  }

  static ModelDescription read(JsonKeys keys, Function<String, Optional<ViTConfig>> architectures) {
    String name = keys.text("architecture").orElse("");
    ViTConfig base =
        architectures
            .apply(name)
            .orElseThrow(
                () ->
                    keys.wrong(
                        "'architecture' is %s, which vit4j does not know by name; describe it in a"
                                .formatted(JsonKeys.shown(name))
                            + " file of your own with img_size, patch_size, embed_dim, depth,"
                            + " num_heads, num_classes, and name that file as the configuration"));
    return new TimmHubConfig(keys).described(base);
  }

  private ModelDescription described(ViTConfig base) {
    ViTConfig config = adjusted(base);
    arguments.refuseOthers(HARMLESS);
    EvalTransform preprocessing = TimmPreprocessing.of(pretrained, config);
    boolean beit =
        config.qkvBias() == QkvBias.QV_ONLY || config.relativePosition() != RelativePosition.NONE;
    return new ModelDescription(config, beit ? "beit" : "timm", preprocessing, classes());
  }

  private ViTConfig adjusted(ViTConfig base) {
    ViTBuilder builder = ViT.from(base).classes(numberOfClasses(base));
    int[] input = pretrained.input("input_size", base);
    int[] image = arguments.sides("img_size", input[1], input[2]);
    builder.imageSize(image[0], image[1]).channels(arguments.integer("in_chans", input[0]));
    integer("patch_size", builder::patchSize);
    integer("embed_dim", builder::width);
    integer("depth", builder::depth);
    integer("num_heads", builder::heads);
    integer("reg_tokens", builder::registerTokens);
    if (arguments.has("mlp_ratio")) {
      builder.mlpRatio(arguments.number("mlp_ratio", 4));
    }
    if (arguments.number("init_values", 0) != 0) {
      builder.layerScale(arguments.number("init_values", 0));
    }
    if (arguments.has("class_token")) {
      builder.classToken(arguments.flag("class_token", true));
    }
    if (arguments.has("no_embed_class")) {
      builder.classTokenPosition(!arguments.flag("no_embed_class", false));
    }
    if (arguments.has("global_pool")) {
      Pooling pooling = arguments.word("global_pool", POOLS);
      builder
          .pooling(pooling)
          .finalNorm(pooling == Pooling.MEAN ? FinalNorm.AFTER_POOL : FinalNorm.BEFORE_POOL);
    }
    return builder.config();
  }

  private int numberOfClasses(ViTConfig base) {
    int usual = pretrained.integer("num_classes", base.classes());
    return arguments.integer("num_classes", keys.integer("num_classes", usual));
  }

  private void integer(String key, IntConsumer verb) {
    if (arguments.has(key)) {
      verb.accept(arguments.integer(key));
    }
  }

  /** What people call the classes, where the file says so, else what the data set does. */
  private List<String> classes() {
    List<String> names = keys.labels(keys.has("label_names") ? "label_names" : "labels");
    JsonKeys descriptions = keys.object("label_descriptions");
    return names.stream().map(name -> descriptions.text(name).orElse(name)).toList();
  }
}
