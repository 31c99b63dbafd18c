package io.github.vit4j.examples.cli;

import ai.djl.Device;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.InterruptibleFit;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.TrainOptions;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.pretrain.BlockwiseMasking;
import io.github.vit4j.finetune.pretrain.Masking;
import io.github.vit4j.finetune.pretrain.PreTrainResult;
import io.github.vit4j.finetune.pretrain.PreTrainer;
import io.github.vit4j.finetune.pretrain.RandomMasking;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pre-trains a model on the user's own images without labels. */
@Command(
    name = "pretrain",
    description = {
      "Pre-train a model on images without labels (BEiT); an interrupted run goes on by itself.",
      "It starts from an architecture spelt out, to which BEiT's relative positions and LayerScale"
          + " are added, or from a model (--model). Default: ViT-Small/16 with the hMLP stem."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {
      "",
      "Example: vit pretrain photos --out runs/pre --target codebook:codebook.safetensors",
      "Then:    vit finetune flowers --model runs/pre/pretrained.safetensors --layer-decay 0.75"
          + " --out runs/flowers"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PretrainCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = UnlabelledArgument.DESCRIPTION)
  String data;

  @Option(
      names = "--target",
      paramLabel = "WHAT",
      description = {
        "What is learned about hidden patches: pixels (normalised per patch), simmim,"
            + " codebook:FILE (see vit codebook), dalle:FILE (an encoder of DALL-E's dVAE).",
        "Default: ${DEFAULT-VALUE}."
      })
  String target = TargetOption.PIXELS;

  @Option(
      names = "--feature-model",
      paramLabel = "PATH|NAME",
      description = "The model that a codebook of features was made with.")
  @Nullable String featureModel;

  @Option(
      names = "--masking",
      paramLabel = "HOW",
      description = "blockwise, paper (blockwise by the paper's algorithm) or random.")
  String masking = "blockwise";

  @Option(
      names = "--mask-ratio",
      paramLabel = "R",
      description = "The share that is hidden. Default: 0.4; MAE hides 0.75 at random.")
  double ratio = BlockwiseMasking.BEIT.ratio();

  @Option(
      names = "--min-block",
      paramLabel = "N",
      description = "The smallest block, in patches. Default: 16, or a twelfth of a small image.")
  @Nullable Integer minBlock;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description = "How: beit-pretrain, in full. Default: 100 epochs of it, batches of 64.")
  @Nullable String recipe;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "Draw predictions every N epochs; 0 for never. Default: ${DEFAULT-VALUE}.")
  int pictures = 10;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  @Mixin TrainOptions training;
  @Mixin ModelChoice model;

  @ArgGroup(exclusive = false, validate = false, heading = "%nAn architecture spelt out:%n")
  ArchitectureOptions architecture = new ArchitectureOptions();

  /** What programs get. */
  record Report(
      String run,
      String model,
      int epochs,
      @Nullable Double loss,
      @Nullable Double maskedTop1,
      List<String> broken,
      List<String> notes) {}

  @Override
  public Integer call() {
    try (ViTModel opened = open();
        TargetOption chosen = TargetOption.parse(target, featureModel, opened)) {
      PreTrainer trainer =
          PreTrainer.of(opened)
              .data(UnlabelledArgument.images(data, opened.preprocessing().height()))
              .target(chosen.target())
              .masking(masking(opened.network().config()))
              .pictures(pictures);
      choose(trainer);
      try (PreTrainResult result = InterruptibleFit.of(trainer, trainer::fit, spec.commandLine())) {
        print(result);
      }
    }
    return 0;
  }

  private void choose(PreTrainer trainer) {
    if (recipe != null) {
      if (!recipe.equals("beit-pretrain")) {
        throw new BadInputException(
            "there is no recipe '" + recipe + "' for pre-training; choose beit-pretrain");
      }
      trainer.recipe(Recipe.beitPretrain());
    }
    training.applyTo(trainer);
  }

  private Masking masking(ViTConfig config) {
    if (masking.equals("random")) {
      if (minBlock != null) {
        throw new BadInputException(
            "--min-block means nothing with --masking random, which hides single patches; leave it out");
      }
      return new RandomMasking(ratio);
    }
    BlockwiseMasking blocks = BlockwiseMasking.BEIT.withRatio(ratio);
    blocks =
        minBlock == null
            ? blocks.scaledTo(config.gridHeight(), config.gridWidth())
            : blocks.withBlocks(minBlock, 0);
    return switch (masking) {
      case "blockwise" -> blocks;
      case "paper" -> blocks.withVariant(BlockwiseMasking.Variant.PAPER);
      default ->
          throw new BadInputException(
              "there is no masking '" + masking + "'; choose blockwise, paper or random");
    };
  }

  private ViTModel open() {
    VisionTransformer spelt = architecture.model();
    if (model.given()) {
      if (spelt != null) {
        throw new BadInputException(
            "--model and an architecture spelt out exclude each other; give one of them");
      }
      return model.open();
    }
    Integer engineThreads = model.engineThreads();
    if (engineThreads != null) {
      EngineThreads.set(engineThreads);
    }
    VisionTransformer network =
        spelt == null
            ? ViT.builder().small().hmlpStem().beit().noHead().seed(training.seed()).build()
            : beit(spelt.config());
    ViTConfig config = network.config();
    return ViTModel.of(
        network,
        EvalTransform.ofSize(config.imageHeight(), config.imageWidth()).withCropRatio(1),
        List.of(),
        Device.cpu());
  }

  private VisionTransformer beit(ViTConfig spelt) {
    ViTBuilder builder =
        ViT.from(spelt)
            .classToken(true)
            .relativePosition(RelativePosition.SHARED)
            .positionEmbedding(PositionEmbedding.NONE)
            .qkvBias(QkvBias.QV_ONLY)
            .noHead()
            .seed(training.seed());
    return (spelt.layerScale() == null ? builder.layerScale(0.1) : builder).build();
  }

  private void print(PreTrainResult result) {
    PrintWriter to = spec.commandLine().getOut();
    List<EpochMetrics> all = result.epochs();
    EpochMetrics last = all.isEmpty() ? null : all.get(all.size() - 1);
    if (json) {
      to.println(
          Texts.json(
              new Report(
                  result.folder().toString(),
                  result.file().toString(),
                  all.size(),
                  last == null ? null : last.trainLoss(),
                  last == null || Double.isNaN(last.trainTop1()) ? null : last.trainTop1(),
                  result.unreadable(),
                  result.notes())));
    } else {
      if (last != null) {
        to.println(line("loss        %.4f after %d epochs", last.trainLoss(), last.epoch()));
        if (!Double.isNaN(last.trainTop1())) {
          to.println(line("tokens      %.2f %% of the hidden ones found", last.trainTop1()));
        }
      }
      to.println("model       " + result.file());
      to.println("run         " + result.folder());
    }
    to.flush();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
