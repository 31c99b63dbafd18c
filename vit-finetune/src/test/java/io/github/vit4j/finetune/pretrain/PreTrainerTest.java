package io.github.vit4j.finetune.pretrain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.optim.Managed;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.StepMetrics;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From drawn values to a model to fine-tune, and what stands in the way. */
class PreTrainerTest {

  @TempDir Path folder;
  private ViTModel model;

  @BeforeEach
  void open() {
    model = Small.model(ViT.builder().hmlpStem(2, 2).beit());
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void theLossFallsAndTheResultIsFineTuned() throws IOException {
    Path file = folder.resolve("mine.safetensors");
    Path run = folder.resolve("run");
    try (PreTrainResult result =
        Small.trainer(model, run).epochs(40).masking(new RandomMasking(0.4)).pictures(5).fit()) {
      List<EpochMetrics> epochs = result.epochs();
      assertThat(epochs).hasSize(40);
      double first = epochs.get(0).trainLoss();
      double last = epochs.get(39).trainLoss();
      assertThat(last).isLessThan(0.75 * first);
      assertThat(epochs.get(39).trainTop1()).isNaN();
      assertThat(epochs.get(39).top1()).isNaN();
      result.save(file);
      assertThat(result.file()).exists();
    }
    for (String picture : new String[] {"0005", "0010", "0015", "0040"}) {
      var image = ImageIO.read(run.resolve("pictures/epoch-" + picture + ".png").toFile());
      assertThat(image.getWidth()).isEqualTo(3 * (128 + 4) + 4);
      assertThat(image.getHeight()).isEqualTo(8 * (128 + 4) + 4);
    }
    assertThat(run.resolve("curves.png")).exists();
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("\"masking\": \"RandomMasking[ratio\\u003d0.4]\"");

    Stripes images = new Stripes(24);
    try (ViTModel pretrained = ViTModel.open(file);
        FineTuneResult tuned =
            FineTuner.of(pretrained)
                .data(new DataSplits(images, images))
                .epochs(1)
                .batch(8)
                .layerDecay(0.65)
                .listener(TrainListener.NONE)
                .onto(folder.resolve("tuned"))
                .fit()) {
      assertThat(tuned.notes()).anyMatch(n -> n.contains("the model had no head"));
      assertThat(tuned.model().network().config().classes()).isEqualTo(2);
    }
  }

  @Test
  void blocksComputedAgainLearnTheSame() {
    double[] losses = new double[2];
    for (int i = 0; i < 2; i++) {
      try (ViTModel small = Small.model(ViT.builder())) {
        PreTrainer trainer = Small.trainer(small, folder.resolve("again" + i));
        if (i == 1) {
          trainer.recompute();
        }
        try (PreTrainResult result = trainer.fit()) {
          losses[i] = result.epochs().get(2).trainLoss();
        }
      }
    }
    assertThat(losses[1]).isEqualTo(losses[0], within(.05)); // stochastic depth draws anew
  }

  @Test
  void tokensAreFoundMoreAndMoreOften() {
    try (PreTrainResult result =
        KilledPreTraining.trainer(model, folder.resolve("run")).epochs(20).pictures(0).fit()) {
      List<EpochMetrics> epochs = result.epochs();
      assertThat(epochs.get(19).trainTop1()).isGreaterThan(epochs.get(0).trainTop1() + 10);
      assertThat(folder.resolve("run/pictures")).doesNotExist();
    }
  }

  /** As if its recipe had had the cooldown from the start. */
  @Test
  void aRunWithoutEndIsCooledDown() throws IOException {
    Path source = folder.resolve("source");
    Path cooled = folder.resolve("cooled");
    Path planned = folder.resolve("planned");
    Recipe recipe = Recipe.beitPretrain();
    infinite(source, recipe).epochs(2).fit().close();
    infinite(cooled, recipe).coolDown(source, 1).pictures(100).fit().close();
    assertThat(cooled.resolve("pictures/epoch-0003.png")).as("one after the last").exists();
    Recipe falling = recipe.withOptimization(recipe.optimization().withCooldown(1));
    infinite(planned, falling).epochs(3).fit().close();
    String last = "last.safetensors";
    assertThat(Files.readAllBytes(cooled.resolve(last)))
        .isEqualTo(Files.readAllBytes(planned.resolve(last)));
  }

  private PreTrainer infinite(Path run, Recipe recipe) {
    return Small.trainer(model, run).recipe(recipe).pictures(0).infinite();
  }

  private static Map<String, NDArray> values(VisionTransformer network) {
    Map<String, NDArray> values = new LinkedHashMap<>();
    for (ViTParameter p : network.namedParameters()) {
      values.put(p.path(), p.array());
    }
    return values;
  }

  @Test
  void theConversionCopiesTheSharedBiasIntoEveryBranch() {
    try (ViTModel base = Small.model(ViT.builder().hmlpStem(2, 2).beit().parallel(2));
        NDManager scope = base.djlModel().getNDManager().newSubManager()) {
      Map<String, NDArray> before = values(base.network());
      NDArray shared = requireNonNull(before.get("rel_pos_bias.relative_position_bias_table"));
      shared.set(scope.arange((float) shared.size()).reshape(shared.getShape()).toFloatArray());
      try (ViTModel tuned =
          BeitConversion.forFineTuning(base.network(), base.preprocessing(), scope)) {
        ViTConfig config = tuned.network().config();
        assertThat(config.relativePosition()).isEqualTo(RelativePosition.PER_BLOCK);
        assertThat(config.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(config.finalNorm()).isEqualTo(FinalNorm.AFTER_POOL);
        int tables = 0;
        for (Map.Entry<String, NDArray> entry : values(tuned.network()).entrySet()) {
          String path = entry.getKey();
          NDArray now = entry.getValue();
          if (path.endsWith("relative_position_bias_table")) {
            assertThat(now.toFloatArray()).isEqualTo(shared.toFloatArray());
            tables++;
          } else if (path.startsWith("fc_norm")) {
            float start = path.endsWith("weight") ? 1 : 0;
            assertThat(now.toFloatArray()).containsOnly(start);
          } else {
            assertThat(now.toFloatArray())
                .as(path)
                .isEqualTo(requireNonNull(before.get(path)).toFloatArray());
          }
        }
        assertThat(tables).isEqualTo(4);
      }
    }
  }

  @Test
  void otherSettingsAreRefusedByName() {
    TrainListener stop =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            throw new IllegalStateException("stopped here");
          }
        };
    assertThatThrownBy(Small.trainer(model, folder).listener(stop)::fit).hasMessage("stopped here");
    assertThatThrownBy(
            Small.trainer(model, folder).masking(new RandomMasking(0.5)).target(PixelTarget.SIMMIM)
                ::fit)
        .hasMessageContaining("masking was BlockwiseMasking[ratio=0.4, minBlock=1, ")
        .hasMessageContaining("and is RandomMasking[ratio=0.5]")
        .hasMessageContaining("target was PixelTarget[perPatch=true");
  }

  @Test
  void badChoicesAreToldBeforeAnythingIsWritten() {
    Path run = folder.resolve("run");
    assertThatThrownBy(PreTrainer.of(model).onto(run)::fit)
        .hasMessageContaining("there are no images");
    assertThatThrownBy(PreTrainer.of(model).data(new Stripes(3))::fit)
        .hasMessageContaining("there is no folder");
    assertThatThrownBy(Small.trainer(model, run).masking(BlockwiseMasking.BEIT)::fit)
        .hasMessageContaining("of 4 x 4 patches 6 are to be hidden, but the smallest block has 16");
    Codebook coarse =
        CodebookTrainer.of(new Stripes(8), model.preprocessing())
            .vectors(new PixelVectors(8))
            .size(4)
            .train();
    assertThatThrownBy(Small.trainer(model, run).target(new CodebookTarget(coarse))::fit)
        .hasMessageContaining("the codebook's patches are of 8 pixels");
    assertThatThrownBy(() -> PreTrainer.of(model).pictures(-1))
        .hasMessageContaining("pictures every -1 epochs");
    try (ViTModel distilled = Small.model(ViT.builder().distillationToken())) {
      assertThatThrownBy(Small.trainer(distilled, run)::fit)
          .hasMessageContaining("a distillation token cannot be pre-trained");
    }
    assertThat(run).doesNotExist();
  }

  @Test
  void nothingIsKeptFromStepToStep() {
    List<Integer> counts = new ArrayList<>();
    TrainListener count =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            counts.add(Managed.by(NDManager.newBaseManager("PyTorch").getParentManager()));
          }
        };
    KilledPreTraining.trainer(model, folder)
        .epochs(6)
        .pictures(1)
        .checkpointEverySteps(1000)
        .listener(count)
        .fit()
        .close();
    // each look at the system's manager makes a manager of its own, and nothing else is new
    List<Integer> grown = new ArrayList<>();
    for (int i = 1; i < counts.size(); i++) {
      grown.add(counts.get(i) - counts.get(i - 1));
    }
    assertThat(grown).containsOnly(1);
  }

  @Test
  void picturesShowTheNextImageInPlaceOfABrokenOne() throws IOException {
    Stripes images = new Stripes(24);
    images.broken.add(0);
    Path run = folder.resolve("run");
    Small.trainer(model, run).data(images).skipUnreadable(true).epochs(1).fit().close();
    var picture = ImageIO.read(run.resolve("pictures/epoch-0001.png").toFile());
    assertThat(picture.getHeight()).isEqualTo(8 * (128 + 4) + 4);
  }

  @Test
  void stemsAndHeadsOfAllKindsGoIn() {
    List<ViTModel> models =
        List.of(
            Small.model(ViT.builder()),
            Small.model(ViT.builder().convStem().pooling(Pooling.MEAN)),
            Small.model(ViT.builder().pooling(Pooling.MAP)),
            Small.model(ViT.builder().registerTokens(2).layerScale(1e-4)));
    for (int i = 0; i < models.size(); i++) {
      try (ViTModel one = models.get(i);
          PreTrainResult result = Small.trainer(one, folder.resolve("run-" + i)).epochs(1).fit()) {
        assertThat(result.epochs().get(0).trainLoss()).isFinite();
        assertThat(result.model().network().config().pooling()).isEqualTo(Pooling.MEAN);
      }
    }
  }
}
