package io.github.vit4j.examples.pretrain;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.CropKind;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.evaluate.Accuracy;
import io.github.vit4j.finetune.pretrain.BeitConversion;
import io.github.vit4j.finetune.pretrain.Codebook;
import io.github.vit4j.finetune.pretrain.CodebookTarget;
import io.github.vit4j.finetune.pretrain.CodebookTrainer;
import io.github.vit4j.finetune.pretrain.PixelTarget;
import io.github.vit4j.finetune.pretrain.PixelVectors;
import io.github.vit4j.finetune.pretrain.PreTrainResult;
import io.github.vit4j.finetune.pretrain.PreTrainer;
import io.github.vit4j.finetune.pretrain.Target;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of the study, each in a folder of its own. One that is over leaves its number in {@code
 * result.txt} and is not started again.
 *
 * @param data the images
 * @param settings epochs and rates
 * @param root where the folders go
 */
record StudyRun(StudyData data, StudySettings settings, Path root) {

  private static final Logger LOG = LoggerFactory.getLogger(StudyRun.class);
  private static final String RESULT = "result.txt";
  private static final int BATCH = 64;
  private static final int AT_ONCE = 250;

  /** Refuses to mix numbers of different settings in one folder. */
  void requireSame(String all) {
    Path file = root.resolve("settings.txt");
    try {
      Files.createDirectories(root);
      if (!Files.exists(file)) {
        WholeFile.write(file, (all + "\n").getBytes(StandardCharsets.UTF_8));
      } else if (!Files.readString(file).strip().equals(all)) {
        throw new BadInputException(
            "%s holds a study with other settings: %s, and here are %s; give the same, or another folder"
                .formatted(root, Files.readString(file).strip(), all));
      }
    } catch (IOException e) {
      throw new BadInputException("cannot use " + root + ": " + e.getMessage(), e);
    }
  }

  /** Trains one number, or reads it. */
  private interface Work {
    double result(Path folder);
  }

  private double once(String name, Work work) {
    Path folder = root.resolve(name);
    Path file = folder.resolve(RESULT);
    try {
      if (Files.exists(file)) {
        return Double.parseDouble(Files.readString(file).strip());
      }
      LOG.info("{} begins", name);
      long start = System.nanoTime();
      Files.createDirectories(folder.toAbsolutePath().getParent());
      double result = work.result(folder);
      WholeFile.write(file, (result + "\n").getBytes(StandardCharsets.UTF_8));
      LOG.info("{}: {} after {} s", name, result, (System.nanoTime() - start) / 1_000_000_000L);
      return result;
    } catch (IOException e) {
      throw new BadInputException("cannot use " + folder + ": " + e.getMessage(), e);
    }
  }

  private String name(StudyStem stem, long seed, String what) {
    return "seed-" + seed + "/" + stem.name().toLowerCase(Locale.ROOT) + "/" + what;
  }

  /** The share of hidden tokens that was found at the end, or the loss of a pixel target. */
  double preTrain(StudyStem stem, long seed) {
    return once(
        name(stem, seed, "pretrain"),
        folder -> {
          try (ViTModel model = stem.model(seed, settings.layerScale());
              PreTrainResult run =
                  PreTrainer.of(model)
                      .data(data.train())
                      .target(target())
                      .recipe(recipe("study-pretrain", settings.preRate(), settings.preEpochs(), 0))
                      .pictures(5)
                      .workers(1)
                      .seed(seed)
                      .onto(folder)
                      .fit()) {
            var last = run.epochs().get(run.epochs().size() - 1);
            return settings.pixels() ? last.trainLoss() : last.trainTop1();
          }
        });
  }

  private Target target() {
    if (settings.pixels()) {
      return PixelTarget.MAE;
    }
    Path file = root.resolve("codebook.safetensors");
    if (!Files.exists(file)) {
      CodebookTrainer.of(data.train(), StudyStem.preprocessing())
          .vectors(new PixelVectors(StudyStem.PATCH))
          .size(settings.codebook())
          .train()
          .save(file);
    }
    return new CodebookTarget(Codebook.open(file));
  }

  /** Top-1 on all test images after the last epoch, in percent. */
  double fineTune(StudyStem stem, long seed, boolean preTrained, boolean allLabels) {
    String what = (preTrained ? "finetune-" : "scratch-") + (allLabels ? "100" : "10");
    return once(
        name(stem, seed, what),
        folder -> {
          try (ViTModel start = start(stem, seed, preTrained)) {
            ImageDataset train = allLabels ? data.train() : data.tenth();
            int epochs = allLabels ? settings.epochs() : settings.epochsOfTenth();
            FineTuner.of(start)
                .data(new DataSplits(train, data.watched()))
                .recipe(recipe("study-finetune", settings.rate(), epochs, 0.1))
                .layerDecay(preTrained ? settings.layerDecay() : 1)
                .workers(1)
                .seed(seed)
                .onto(folder)
                .fit()
                .close();
          }
          try (ViTModel tuned = ViTModel.open(folder.resolve("last.safetensors"))) {
            return top1(tuned);
          }
        });
  }

  /** Both kinds have the same architecture; from scratch its values are drawn. */
  private ViTModel start(StudyStem stem, long seed, boolean preTrained) {
    if (preTrained) {
      Path folder = root.resolve(name(stem, seed, "pretrain"));
      return ViTModel.open(folder.resolve("pretrained.safetensors"));
    }
    try (ViTModel drawn = stem.model(seed, settings.layerScale())) {
      return BeitConversion.forFineTuning(
          drawn.network(), drawn.preprocessing(), drawn.djlModel().getNDManager());
    }
  }

  private static Recipe recipe(String name, double rate, int epochs, double smoothing) {
    return new Recipe(
        name,
        StudyStem.SIDE,
        1,
        epochs,
        BATCH,
        new Optimization(
            OptimizerKind.ADAMW, rate, 0.05, 0.9, 3, ScheduleKind.COSINE, 2, 1e-6, 1e-5),
        Augmentation.BASIC.withCrop(CropKind.PADDED),
        Mixup.smoothing(smoothing),
        LossKind.CROSS_ENTROPY,
        0,
        0);
  }

  private double top1(ViTModel model) {
    Accuracy found = Accuracy.NONE;
    for (int from = 0; from < data.test().size(); from += AT_ONCE) {
      List<RgbImage> images = new ArrayList<>();
      for (int i = from; i < Math.min(data.test().size(), from + AT_ONCE); i++) {
        images.add(data.test().image(i));
      }
      float[][] logits = model.logits(images);
      for (int i = 0; i < logits.length; i++) {
        found = found.plus(logits[i], data.test().label(from + i));
      }
    }
    return found.top1Percent();
  }
}
