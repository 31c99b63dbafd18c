package io.github.vit4j.zoo.description;

import io.github.vit4j.zoo.description.TransformersModel.Head;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of models of Hugging Face transformers that are Vision Transformers as we build them,
 * with what their configuration classes say where a file says nothing (transformers 5.18).
 */
enum TransformersModel {
  VIT(
      "vit",
      new Defaults(16, 1e-12, "gelu"),
      Processor.VIT,
      Map.of(
          "ViTModel", Head.NONE,
          "ViTForMaskedImageModeling", Head.NONE,
          "ViTForImageClassification", Head.CLASSIFIER)),
  VIT_MAE(
      "vit_mae",
      new Defaults(16, 1e-12, "gelu"),
      Processor.VIT,
      Map.of("ViTMAEModel", Head.NONE, "ViTMAEForPreTraining", Head.NONE)),
  DEIT(
      "deit",
      new Defaults(16, 1e-12, "gelu"),
      Processor.DEIT,
      Map.of(
          "DeiTModel", Head.NONE,
          "DeiTForMaskedImageModeling", Head.NONE,
          "DeiTForImageClassification", Head.CLASSIFIER,
          "DeiTForImageClassificationWithTeacher", Head.WITH_TEACHER)),
  BEIT(
      "beit",
      new Defaults(16, 1e-12, "gelu"),
      Processor.BEIT,
      Map.of("BeitModel", Head.NONE, "BeitForImageClassification", Head.CLASSIFIER)),
  DINOV2(
      "dinov2",
      new Defaults(14, 1e-6, "gelu"),
      Processor.BIT,
      Map.of(
          "Dinov2Model", Head.NONE,
          "Dinov2Backbone", Head.NONE,
          "Dinov2ForImageClassification", Head.CLASSIFIER)),
  DINOV2_WITH_REGISTERS(
      "dinov2_with_registers",
      new Defaults(16, 1e-6, "gelu"),
      Processor.BIT,
      Map.of(
          "Dinov2WithRegistersModel", Head.NONE,
          "Dinov2WithRegistersBackbone", Head.NONE,
          "Dinov2WithRegistersForImageClassification", Head.CLASSIFIER)),
  CLIP_VISION(
      "clip_vision_model",
      new Defaults(32, 1e-5, "quick_gelu"),
      Processor.CLIP,
      Map.of("CLIPVisionModel", Head.NONE, "CLIPVisionModelWithProjection", Head.PROJECTION)),
  CLIP(
      "clip",
      new Defaults(32, 1e-5, "quick_gelu"),
      Processor.CLIP,
      Map.of(
          "CLIPModel", Head.PROJECTION,
          "CLIPVisionModelWithProjection", Head.PROJECTION,
          "CLIPVisionModel", Head.NONE)),
  SIGLIP_VISION(
      "siglip_vision_model",
      new Defaults(16, 1e-6, "gelu_pytorch_tanh"),
      Processor.SIGLIP,
      Map.of("SiglipVisionModel", Head.NONE)),
  SIGLIP(
      "siglip",
      new Defaults(16, 1e-6, "gelu_pytorch_tanh"),
      Processor.SIGLIP,
      Map.of(
          "SiglipModel", Head.NONE,
          "SiglipVisionModel", Head.NONE,
          "SiglipForImageClassification", Head.CLASSIFIER));

  /** What a model class puts behind the tower. */
  enum Head {
    NONE,
    CLASSIFIER,
    WITH_TEACHER,
    PROJECTION
  }

  /** The image processors that these models are published with. */
  enum Processor {
    VIT,
    DEIT,
    BEIT,
    BIT,
    CLIP,
    SIGLIP
  }

  /** Values that differ between the kinds; all others are those of ViT-Base at 224 pixels. */
  record Defaults(int patchSize, double normEps, String activation) {}

  /** By the word in {@code model_type}. */
  static final Map<String, TransformersModel> BY_TYPE =
      Arrays.stream(values())
          .collect(Collectors.toMap(model -> model.modelType, Function.identity()));

  final String modelType;
  final Defaults defaults;
  final Processor processor;
  final Map<String, Head> classes;

  TransformersModel(
      String modelType, Defaults defaults, Processor processor, Map<String, Head> classes) {
    this.modelType = modelType;
    this.defaults = defaults;
    this.processor = processor;
    this.classes = classes;
  }

  /** Whether the tower's configuration is an object of its own, beside a text tower's. */
  boolean isPair() {
    return this == CLIP || this == SIGLIP;
  }

  /** What the names of its tensors are called. */
  String family() {
    return switch (this) {
      case VIT_MAE -> "transformers_vit";
      case CLIP, CLIP_VISION -> "transformers_clip";
      case SIGLIP, SIGLIP_VISION -> "transformers_siglip";
      default -> "transformers_" + modelType;
    };
  }
}
