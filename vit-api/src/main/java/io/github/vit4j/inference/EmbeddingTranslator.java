package io.github.vit4j.inference;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.vit4j.image.EvalTransform;

/**
 * Embeds DJL images with a model that has no head: preprocessing as the model was trained with,
 * then its pooled features.
 */
public final class EmbeddingTranslator implements Translator<Image, float[]> {

  private final EvalTransform transform;

  /**
   * @param transform the model's preprocessing
   */
  public EmbeddingTranslator(EvalTransform transform) {
    this.transform = transform;
  }

  @Override
  public NDList processInput(TranslatorContext context, Image image) {
    return ImageInput.single(context, image, transform);
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList pooled) {
    return pooled.singletonOrThrow().toFloatArray();
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }
}
