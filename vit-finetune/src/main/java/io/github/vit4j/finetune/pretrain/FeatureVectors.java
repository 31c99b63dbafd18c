package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.Observe;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What a trained model makes of a patch: its token after a block, scaled to length 1, so that the
 * nearest centre is the one of the most similar direction.
 */
public final class FeatureVectors implements PatchVectors {

  private final ViTModel model;
  private final int block;
  private final String identity;

  /**
   * Takes the tokens after a model's last block.
   *
   * @param model reads images of the size that the codebook is used with; it must stay open
   */
  public FeatureVectors(ViTModel model) {
    this(model, model.network().config().depth() - 1);
  }

  /**
   * Takes the tokens after a block.
   *
   * @param model reads images of the size that the codebook is used with; it must stay open
   * @param block from 0
   * @throws BadInputException if there is no such block
   */
  public FeatureVectors(ViTModel model, int block) {
    if (block < 0 || block >= model.network().config().depth()) {
      throw new BadInputException(
          "there is no block %d to take features from; this model has blocks 0 to %d"
              .formatted(block, model.network().config().depth() - 1));
    }
    this.model = model;
    this.block = block;
    CRC32C sum = new CRC32C();
    for (ViTParameter p : model.network().namedParameters()) {
      sum.update(p.path().getBytes(StandardCharsets.UTF_8));
      sum.update(p.array().toByteBuffer());
    }
    identity =
        "features after block %d of a model with checksum %08x, patches of %d"
            .formatted(block, sum.getValue(), patchSize());
  }

  @Override
  public int width() {
    return model.network().config().width();
  }

  @Override
  public int patchSize() {
    return model.network().config().patchSize();
  }

  @Override
  public NDArray of(PatchImages images) {
    VisionTransformer network = model.network();
    ViTConfig config = network.config();
    PatchView view = images.view();
    if (config.gridHeight() != view.rows() || config.gridWidth() != view.columns()) {
      throw new BadInputException(
          "the model that gives features sees %d x %d patches, but the images have %d x %d; open it at their size"
              .formatted(config.gridHeight(), config.gridWidth(), view.rows(), view.columns()));
    }
    NDManager owner = images.pixels().getManager();
    try (NDManager scope = owner.newSubManager()) {
      EvalTransform own = model.preprocessing();
      NDArray pixels = images.pixels();
      if (!own.mean().equals(view.preprocessing().mean())
          || !own.std().equals(view.preprocessing().std())) {
        pixels = normalised(images.colours(), own, scope);
      }
      try (ViTOutput out = network.observe(pixels, Observe.tokensAfter(block))) {
        NDArray tokens = out.tokens(block).get(":, {}:", config.prefixTokens()); // (B, N, D)
        tokens.attach(scope);
        NDArray rows = tokens.reshape((long) images.count() * view.patches(), width());
        NDArray lengths = PatchImages.squares(rows).add(1e-12f).sqrt().reshape(-1, 1);
        NDArray unit = rows.div(lengths);
        unit.attach(owner);
        return unit;
      }
    }
  }

  private static NDArray normalised(NDArray colours, EvalTransform to, NDManager scope) {
    float[] mean = new float[3];
    float[] std = new float[3];
    for (int i = 0; i < 3; i++) {
      mean[i] = to.mean().get(i).floatValue();
      std[i] = to.std().get(i).floatValue();
    }
    Shape shape = new Shape(1, 3, 1, 1);
    colours.attach(scope);
    return colours
        .sub(PatchImages.own(scope.create(mean, shape)))
        .div(PatchImages.own(scope.create(std, shape)));
  }

  @Override
  public String identity() {
    return identity;
  }
}
