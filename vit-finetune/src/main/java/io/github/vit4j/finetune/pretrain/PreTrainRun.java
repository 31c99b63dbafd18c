package io.github.vit4j.finetune.pretrain;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.ModelValues;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.finetune.train.TrainPlan;
import io.github.vit4j.finetune.train.TrainingRun;
import io.github.vit4j.model.MaskedImageModel;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One start of a pre-training run: copies the model, trains the copy, reads the result back. */
final class PreTrainRun {

  /** The model for fine-tuning, within the run's folder. */
  static final String PRETRAINED = "pretrained.safetensors";

  private final PreTrainer choices;
  private final TrainPlan plan;

  PreTrainRun(PreTrainer choices, TrainPlan plan) {
    this.choices = choices;
    this.plan = plan;
  }

  PreTrainResult fit(Path folder, TrainListener listener) {
    VisionTransformer base = choices.model.network();
    ViTConfig config = config(base.config());
    PatchView view = PatchView.of(config, plan.preprocessing());
    Masking masking =
        choices.masking == null
            ? BlockwiseMasking.BEIT.scaledTo(view.rows(), view.columns())
            : choices.masking;
    masking.requireFit(view.rows(), view.columns());
    choices.target.requireFit(view);
    try (Model model = copy(base, config)) {
      NDManager manager = model.getNDManager();
      VisionTransformer network = (VisionTransformer) model.getBlock();
      MaskedImageModel masked =
          new MaskedImageModel(network, choices.target.outputs(view.patchSize()), plan.seed());
      masked.initialize(manager, DataType.FLOAT32, network.inputShape());
      MaskedPatches objective =
          new MaskedPatches(
              masked,
              view,
              masking,
              choices.target,
              pictures(masked, view, masking),
              run -> save(network, run));
      TrainingRun.Trainee trainee =
          new TrainingRun.Trainee(
              choices.model,
              ViTModel.of(model, plan.preprocessing(), List.of()),
              masked.namedParameters(),
              List.of());
      return new TrainingRun(plan, trainee, objective)
          .into(folder, listener, outcome -> result(outcome, manager.getDevice()));
    }
  }

  /**
   * The encoder without a head; tokens are normed, since the head for hidden patches reads them.
   */
  private ViTConfig config(ViTConfig from) {
    if (from.distillationToken()) {
      throw new BadInputException(
          "a model with a distillation token cannot be pre-trained on hidden patches; build one without");
    }
    int side = plan.recipe().imageSize();
    return ViT.from(from.withDropPath(plan.recipe().dropPath()))
        .imageSize(side, side)
        .pooling(from.classToken() ? Pooling.TOKEN : Pooling.MEAN)
        .finalNorm(FinalNorm.BEFORE_POOL)
        .noHead()
        .config();
  }

  private Model copy(VisionTransformer base, ViTConfig config) {
    VisionTransformer network =
        new VisionTransformer(config, plan.seed(), false, choices.routesOf(base));
    Model model =
        Model.newInstance(
            "pre-trained", choices.model.djlModel().getNDManager().getDevice(), "PyTorch");
    try (NDManager scope = model.getNDManager().newSubManager()) {
      ModelValues.fill(
          network,
          model.getNDManager(),
          ModelValues.of(base, config.imageHeight(), config.imageWidth(), scope));
      network.freezeParameters(false);
      model.setBlock(network);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private @Nullable Pictures pictures(MaskedImageModel masked, PatchView view, Masking masking) {
    return choices.pictures == 0
        ? null
        : new Pictures(
            masked, view, masking, choices.target, plan.images(), choices.pictures, plan.seed());
  }

  private void save(VisionTransformer network, Path folder) {
    NDManager manager = network.namedParameters().get(0).array().getManager();
    try (ViTModel converted =
        BeitConversion.forFineTuning(network, plan.preprocessing(), manager)) {
      converted.save(folder.resolve(PRETRAINED), TensorType.F32);
    }
  }

  private static PreTrainResult result(TrainingRun.Outcome outcome, Device device) {
    ViTModel model = ViTModel.at(outcome.folder().resolve(PRETRAINED)).device(device).load();
    return new PreTrainResult(model, outcome);
  }
}
