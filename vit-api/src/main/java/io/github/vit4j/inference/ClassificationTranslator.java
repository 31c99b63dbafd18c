package io.github.vit4j.inference;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.vit4j.image.EvalTransform;
import java.util.List;

/** Classifies DJL images: preprocessing as the model was trained with, softmax on its logits. */
public final class ClassificationTranslator implements Translator<Image, Classifications> {

  private final EvalTransform transform;
  private final List<String> classes;

  /**
   * @param transform the model's preprocessing
   * @param classes name of each class, in the order of the logits
   */
  public ClassificationTranslator(EvalTransform transform, List<String> classes) {
    this.transform = transform;
    this.classes = List.copyOf(classes);
  }

  @Override
  public NDList processInput(TranslatorContext context, Image image) {
    return ImageInput.single(context, image, transform);
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList logits) {
    return Softmax.classifications(logits.singletonOrThrow().toFloatArray(), classes);
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }
}
