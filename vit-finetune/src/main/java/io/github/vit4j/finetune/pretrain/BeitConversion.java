package io.github.vit4j.finetune.pretrain;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.finetune.train.ModelValues;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.util.List;
import java.util.Map;

/**
 * Makes of a pre-trained model the one that is fine-tuned, as BEiT does it ({@code
 * run_class_finetuning.py}): each branch begins with a copy of the relative position bias that all
 * blocks shared, patch tokens are pooled by their mean, and the norm stands after the pooling and
 * begins anew. It has no head; a {@link io.github.vit4j.finetune.train.FineTuner} gives it one.
 */
public final class BeitConversion {

  private static final String SHARED = "rel_pos_bias.relative_position_bias_table";
  private static final String OWN = ".relative_position_bias_table";

  private BeitConversion() {}

  /**
   * {@return the model to fine-tune, which the caller closes}
   *
   * @param pretrained has values, and is not changed
   * @param preprocessing how images are prepared for it
   * @param manager says on which device the new model lies
   */
  public static ViTModel forFineTuning(
      VisionTransformer pretrained, EvalTransform preprocessing, NDManager manager) {
    VisionTransformer network = ViT.of(config(pretrained.config()));
    Model model = Model.newInstance("pre-trained", manager.getDevice(), "PyTorch");
    try (NDManager scope = manager.newSubManager()) {
      ViTConfig config = network.config();
      Map<String, NDArray> values =
          ModelValues.of(pretrained, config.imageHeight(), config.imageWidth(), scope);
      NDArray shared = values.get(SHARED);
      if (shared != null) {
        for (ViTParameter p : network.namedParameters()) {
          if (p.path().endsWith(OWN)) {
            values.merge(p.path(), shared, (own, other) -> sum(own, other, scope));
          }
        }
      }
      ModelValues.fill(network, model.getNDManager(), values);
      network.freezeParameters(true);
      model.setBlock(network);
      return ViTModel.of(model, preprocessing, List.of());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static ViTConfig config(ViTConfig from) {
    RelativePosition relative =
        from.relativePosition() == RelativePosition.NONE
            ? RelativePosition.NONE
            : RelativePosition.PER_BLOCK;
    return ViT.from(from)
        .relativePosition(relative)
        .pooling(Pooling.MEAN)
        .finalNorm(FinalNorm.AFTER_POOL)
        .noHead()
        .config();
  }

  /** Where a model had both tables, attention saw their sum. */
  private static NDArray sum(NDArray own, NDArray shared, NDManager scope) {
    NDArray sum = own.stopGradient().add(shared.stopGradient());
    sum.attach(scope);
    return sum;
  }
}
