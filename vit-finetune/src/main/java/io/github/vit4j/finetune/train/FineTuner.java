package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.loss.ClassificationLoss;
import io.github.vit4j.finetune.loss.Distillation;
import io.github.vit4j.finetune.loss.HardDistillation;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.zoo.ViTModel;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model for other classes or another image size, into a folder, from which an interrupted
 * run goes on by itself.
 *
 * <pre>{@code
 * try (FineTuneResult run =
 *     FineTuner.of(model)
 *         .strategy(new FreezeAllButAttention())
 *         .data(ImageFolder.of(root))
 *         .resolution(384)
 *         .recipe(Recipe.deitTransfer())
 *         .epochs(20)
 *         .onto(Path.of("runs/flowers"))
 *         .fit()) {
 *   System.out.println(run.best().top1() + " %");
 *   run.save(Path.of("flowers.safetensors"));
 * }
 * }</pre>
 *
 * <p>The given model stays as it is; a copy is trained, on the same device. Where its classes are
 * not those of the data, the copy gets a new head.
 *
 * <p>Every draw follows from one seed. On the CPU, a run that was killed at any moment and started
 * again with the same settings comes to the same weights as one that was not, bit for bit, as long
 * as machine, number of engine threads and {@link io.github.vit4j.compute.LinearRoute} stay. DJL
 * records one forward pass at a time, so only one run can go on in a JVM.
 *
 * <p>The folder holds {@code run.json} (settings, machine), the last two checkpoints, {@code
 * best.safetensors} and {@code last.safetensors}, which {@link ViTModel#open} reads, {@code
 * metrics.csv}, {@code events} for TensorBoard, {@code curves.png}, the best model's {@code
 * confusion.csv} and {@code .png}, {@code train.log}. With averaged weights, they are what is
 * evaluated and saved.
 */
public final class FineTuner extends TrainChoices<FineTuner> {

  /** How a teacher takes part in the loss. */
  @FunctionalInterface
  public interface DistillationRule {

    /**
     * {@return the rule for a recipe's loss}
     *
     * @param loss between logits and targets
     */
    Distillation over(ClassificationLoss loss);
  }

  final ViTModel model;
  FineTuneStrategy strategy = new FullFineTuning();
  @Nullable DataSplits data;
  @Nullable Teacher teacher;
  int resolution;
  int patience;
  double layerDecay = 1;
  boolean zeroHead;

  private FineTuner(ViTModel model) {
    this.model = model;
  }

  /**
   * {@return choices for training a model; {@link #data} and {@link #onto} must be made, all others
   * have defaults}
   *
   * @param model where training starts; it must stay open until {@link #fit} returns
   */
  public static FineTuner of(ViTModel model) {
    return new FineTuner(model);
  }

  /**
   * Chooses what is trained.
   *
   * @param strategy default {@link FullFineTuning}
   * @return this
   */
  public FineTuner strategy(FineTuneStrategy strategy) {
    this.strategy = strategy;
    return this;
  }

  /**
   * Chooses the images.
   *
   * @param data what to learn from, and what to measure on
   * @return this
   */
  public FineTuner data(DataSplits data) {
    this.data = data;
    return this;
  }

  /**
   * Chooses the way to train.
   *
   * <p>By default AdamW with weight decay 0.05 and gradients clipped to norm 1, 10 epochs, batches
   * of 32, a cosine after one epoch of warm-up to 1e-4, or to 1e-3 where less than a twentieth of
   * the parameters moves; random resized crops of at least 35 % of the image, flips, label
   * smoothing 0.1; the model's own image size.
   *
   * @param recipe its SGD is Nesterov's, and its LAMB clips gradients to norm 1 where the recipe
   *     says nothing, both as in timm
   * @return this
   */
  @Override
  public FineTuner recipe(Recipe recipe) {
    return super.recipe(recipe);
  }

  /**
   * Chooses the image size. The position embedding is resampled as the model's publishers do it.
   *
   * @param side in pixels, a multiple of the patch size; default the recipe's
   * @return this
   */
  public FineTuner resolution(int side) {
    require(side > 0, "a resolution of %d pixels is not possible; give a positive one", side);
    resolution = side;
    return this;
  }

  /**
   * Lets earlier layers learn more slowly, as in BEiT.
   *
   * @param decay from one layer to the one before it, above 0; default 1
   * @return this
   */
  public FineTuner layerDecay(double decay) {
    require(decay > 0 && decay <= 1, "a layer decay of %s is not possible; give 0 to 1", decay);
    layerDecay = decay;
    return this;
  }

  /**
   * Starts a new head with zeros. By default its weights are drawn from a truncated normal
   * distribution of deviation 0.02.
   *
   * @return this
   */
  public FineTuner zeroHead() {
    zeroHead = true;
    return this;
  }

  /**
   * Ends the run when the accuracy has not become better for some epochs.
   *
   * @param epochs how many; default never
   * @return this
   */
  public FineTuner earlyStop(int epochs) {
    require(epochs > 0, "an early stop after %d epochs is not possible; give at least 1", epochs);
    patience = epochs;
    return this;
  }

  /**
   * Learns from a teacher as well: from its decision, which counts as much as the labels, as DeiT
   * does. A distilled model's second head answers to the teacher.
   *
   * @param teacher knows the same classes, at the same image size and normalisation; it must stay
   *     open until {@link #fit} returns
   * @return this
   */
  public FineTuner teacher(ViTModel teacher) {
    return teacher(teacher, loss -> new HardDistillation(loss, 0.5));
  }

  /**
   * Learns from a teacher as well.
   *
   * @param teacher as for {@link #teacher(ViTModel)}
   * @param rule such as {@code loss -> new SoftDistillation(loss, 0.1, 3)}
   * @return this
   */
  public FineTuner teacher(ViTModel teacher, DistillationRule rule) {
    this.teacher = new Teacher(teacher, rule);
    return this;
  }

  /**
   * Trains, or goes on training, in the calling thread. A run that is over is not repeated.
   *
   * <p>An interrupt of the thread ends the run with a checkpoint.
   *
   * @return the result, which the caller closes
   * @throws BadInputException if choices, model and data do not fit together; if the folder holds a
   *     run with other settings, or is in use; if an image cannot be read and may not be left out;
   *     if training diverges; or if the result cannot be written. What was done stays in the folder
   * @throws java.util.concurrent.CancellationException after an interrupt
   */
  public FineTuneResult fit() {
    require(data != null, "there are no images; give some with data(...)");
    folder();
    try {
      return FineTuneRun.of(this).fit();
    } finally {
      listener().ended();
    }
  }

  @Override
  protected FineTuner self() {
    return this;
  }
}
