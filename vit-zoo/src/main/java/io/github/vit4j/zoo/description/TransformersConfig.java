package io.github.vit4j.zoo.description;

import static java.util.Objects.requireNonNull;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.description.TransformersModel.Head;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code config.json} of Hugging Face transformers. It carries hundreds of keys, of which those
 * that are read here change a Vision Transformer's numbers; a value that we do not build is refused
 * by name. What is absent has the default of the model's kind.
 */
final class TransformersConfig {

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "gelu", Activation.GELU,
          "gelu_python", Activation.GELU,
          "gelu_new", Activation.GELU_TANH,
          "gelu_fast", Activation.GELU_TANH,
          "gelu_pytorch_tanh", Activation.GELU_TANH,
          "quick_gelu", Activation.QUICK_GELU,
          "silu", Activation.SILU,
          "swish", Activation.SILU);

  /** {@code PretrainedConfig}'s number of labels where a file names none. */
  private static final int CLASSES = 2;

  private static final int PROJECTION = 512;

  private final JsonKeys keys;
  private final JsonKeys tower;
  private final TransformersModel model;
  private final Head head;
  private final List<String> labels;

  private TransformersConfig(JsonKeys keys) {
    this.keys = keys;
    model = model(keys);
    tower = model.isPair() ? pairsTower(keys) : keys;
    head = head(keys, model);
    labels = isClassifier() ? keys.labels("id2label") : List.of();
  }

  static ModelDescription read(JsonKeys keys, Optional<JsonKeys> preprocessor) {
    TransformersConfig read = new TransformersConfig(keys);
    read.refuseWhatChangesTheWeights();
    ViTConfig config = read.config();
    EvalTransform preprocessing =
        TransformersPreprocessing.of(preprocessor, read.model.processor, config);
    return new ModelDescription(config, read.model.family(), preprocessing, read.labels);
  }

  private static TransformersModel model(JsonKeys keys) {
    String type = keys.text("model_type").orElse("");
    TransformersModel model = TransformersModel.BY_TYPE.get(type);
    if (model == null) {
      throw keys.wrong(
          "this is not a Vision Transformer that vit4j builds: %s; known are %s"
              .formatted(
                  JsonKeys.shown(type),
                  TransformersModel.BY_TYPE.keySet().stream().sorted().toList()));
    }
    return model;
  }

  /** Files of before 2023 say a second time, and then with more weight, what differs. */
  private static JsonKeys pairsTower(JsonKeys keys) {
    return keys.object("vision_config").overlaid(keys.object("vision_config_dict"));
  }

  private static Head head(JsonKeys keys, TransformersModel model) {
    Optional<String> name = keys.firstText("architectures");
    if (name.isEmpty()) {
      return Head.NONE;
    }
    Head head = model.classes.get(name.get());
    if (head == null) {
      throw keys.wrong(
          "'architectures' is %s; of model_type %s vit4j builds %s"
              .formatted(
                  JsonKeys.shown(name.get()),
                  model.modelType,
                  model.classes.keySet().stream().sorted().toList()));
    }
    return head;
  }

  private void refuseWhatChangesTheWeights() {
    for (String key : List.of("quantization_config", "pruned_heads")) {
      if (keys.has(key) && !keys.object(key).isEmpty()) {
        throw keys.wrong("'" + key + "' changes the weights, which is not supported");
      }
    }
  }

  private boolean isClassifier() {
    return head == Head.CLASSIFIER || head == Head.WITH_TEACHER;
  }

  private ViTConfig config() {
    ViTBuilder builder = ViT.builder();
    shape(builder);
    training(builder);
    switch (model) {
      case VIT, VIT_MAE -> qkvBias(builder);
      case DEIT -> deit(builder);
      case BEIT -> beit(builder);
      case DINOV2 -> dinov2(builder);
      case DINOV2_WITH_REGISTERS ->
          dinov2(builder).registerTokens(tower.integer("num_register_tokens", 4));
      case CLIP, CLIP_VISION -> builder.preNorm().finalNorm(FinalNorm.AFTER_POOL);
      case SIGLIP, SIGLIP_VISION -> siglip(builder);
    }
    builder.positionResampling(
        model == TransformersModel.DINOV2_WITH_REGISTERS
            ? PositionResampling.BICUBIC_ANTIALIASED
            : PositionResampling.BICUBIC);
    return head(builder).config();
  }

  private void shape(ViTBuilder builder) {
    int[] image = tower.sides("image_size", 224);
    int[] patch = tower.sides("patch_size", model.defaults.patchSize());
    if (patch[0] != patch[1]) {
      throw tower.wrong(
          "'patch_size' is %d x %d; patches are square".formatted(patch[0], patch[1]));
    }
    builder
        .imageSize(image[0], image[1])
        .patchSize(patch[0])
        .channels(tower.integer("num_channels", 3))
        .width(tower.integer("hidden_size", 768))
        .depth(tower.integer("num_hidden_layers", 12))
        .heads(tower.integer("num_attention_heads", 12))
        .normEps(tower.number("layer_norm_eps", model.defaults.normEps()));
    if (!isDinov2()) {
      builder.mlpWidth(tower.integer("intermediate_size", 3072)).activation(activation());
    }
  }

  private boolean isDinov2() {
    return model == TransformersModel.DINOV2 || model == TransformersModel.DINOV2_WITH_REGISTERS;
  }

  private Activation activation() {
    return tower.word(
        "hidden_act", ACTIVATIONS, requireNonNull(ACTIVATIONS.get(model.defaults.activation())));
  }

  private void training(ViTBuilder builder) {
    builder
        .dropout(tower.number("hidden_dropout_prob", 0))
        .attentionDropout(
            tower.number("attention_probs_dropout_prob", tower.number("attention_dropout", 0)));
    double dropPath = tower.number("drop_path_rate", model == TransformersModel.BEIT ? 0.1 : 0);
    if (dropPath > 0) {
      builder.dropPathIncreasing(dropPath);
    }
  }

  private ViTBuilder qkvBias(ViTBuilder builder) {
    return builder.qkvBias(tower.flag("qkv_bias", true) ? QkvBias.ALL : QkvBias.NONE);
  }

  private void deit(ViTBuilder builder) {
    qkvBias(builder).distillationToken().distillationHead(head == Head.WITH_TEACHER);
  }

  private void beit(ViTBuilder builder) {
    boolean shared = tower.flag("use_shared_relative_position_bias", false);
    boolean own = tower.flag("use_relative_position_bias", false);
    builder
        .classToken(true)
        .qkvBias(QkvBias.QV_ONLY)
        .positionEmbedding(
            tower.flag("use_absolute_position_embeddings", false)
                ? PositionEmbedding.LEARNED
                : PositionEmbedding.NONE)
        .relativePosition(relative(shared, own));
    if (tower.flag("use_mean_pooling", true)) {
      builder.pooling(Pooling.MEAN).finalNorm(FinalNorm.AFTER_POOL);
    }
    double scale = tower.number("layer_scale_init_value", 0.1);
    if (scale > 0) {
      builder.layerScale(scale);
    }
  }

  private static RelativePosition relative(boolean shared, boolean own) {
    if (shared) {
      return own ? RelativePosition.SHARED_AND_PER_BLOCK : RelativePosition.SHARED;
    }
    return own ? RelativePosition.PER_BLOCK : RelativePosition.NONE;
  }

  private ViTBuilder dinov2(ViTBuilder builder) {
    int width = tower.integer("hidden_size", 768);
    int hidden = (int) (width * tower.number("mlp_ratio", 4));
    if (tower.flag("use_swiglu_ffn", false)) {
      // as wide as costs the same, rounded up to a multiple of 8; its non-linearity is always SiLU
      builder.swiglu().activation(Activation.SILU).mlpWidth((int) ((hidden * 2L / 3 + 7) / 8 * 8));
    } else {
      builder.mlpWidth(hidden).activation(activation());
    }
    if (isClassifier()) {
      builder.pooling(Pooling.TOKEN_AND_MEAN);
    }
    return qkvBias(builder).layerScale(tower.number("layerscale_value", 1));
  }

  private void siglip(ViTBuilder builder) {
    boolean pools = tower.flag("vision_use_head", true) && !isClassifier();
    builder
        .classToken(false)
        .pooling(pools ? Pooling.MAP : Pooling.MEAN)
        .finalNorm(FinalNorm.BEFORE_POOL);
  }

  private ViTBuilder head(ViTBuilder builder) {
    return switch (head) {
      case NONE -> builder.noHead();
      case PROJECTION ->
          builder.headBias(false).classes(keys.integer("projection_dim", PROJECTION));
      case CLASSIFIER, WITH_TEACHER ->
          builder.classes(labels.isEmpty() ? keys.integer("num_labels", CLASSES) : labels.size());
    };
  }
}
