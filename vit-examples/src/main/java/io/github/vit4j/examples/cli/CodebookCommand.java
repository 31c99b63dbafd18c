package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.pretrain.Codebook;
import io.github.vit4j.finetune.pretrain.CodebookTrainer;
import io.github.vit4j.finetune.pretrain.FeatureVectors;
import io.github.vit4j.finetune.pretrain.PatchVectors;
import io.github.vit4j.finetune.pretrain.PixelVectors;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a codebook of the user's own images. */
@Command(
    name = "codebook",
    description = {
      "Make a codebook of one's own images, for vit pretrain --target codebook:FILE.",
      "With --model it is made of what a trained model makes of patches, else of their pixels."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CodebookCommand implements Callable<Integer> {

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = UnlabelledArgument.DESCRIPTION)
  String data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to, ending in .safetensors; replaced if it exists.")
  Path out;

  @Mixin ModelChoice model;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Entries. Default: ${DEFAULT-VALUE}; BEiT's tokenizer has 8192.")
  int size = 512;

  @Option(names = "--patch-size", paramLabel = "N", description = "Pixels. Default: 16.")
  @Nullable Integer patchSize;

  @Option(names = "--image-size", paramLabel = "N", description = "Pixels. Default: 224.")
  @Nullable Integer imageSize;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Patches to learn from. Default: 20 an entry, at least 50,000.")
  @Nullable Integer samples;

  @Option(names = "--seed", paramLabel = "N", description = "Every draw follows from it.")
  long seed;

  @Override
  public Integer call() {
    OutFile.require(out, ".safetensors", "safetensors");
    if (!model.given()) {
      int patch = patchSize == null ? 16 : patchSize;
      int side = imageSize == null ? 224 : imageSize;
      make(new PixelVectors(patch), EvalTransform.ofSize(side).withCropRatio(1));
      return 0;
    }
    if (patchSize != null || imageSize != null) {
      throw new BadInputException(
          "patch and image size are the model's; leave --patch-size and --image-size out, or use --resolution");
    }
    try (ViTModel opened = model.open()) {
      make(new FeatureVectors(opened), opened.preprocessing().withCropRatio(1));
    }
    return 0;
  }

  private void make(PatchVectors vectors, EvalTransform preprocessing) {
    ImageDataset images = UnlabelledArgument.images(data, preprocessing.height());
    try (ProgressLine progress = new ProgressLine("Reading", images.size(), vit.unicode())) {
      CodebookTrainer trainer =
          CodebookTrainer.of(images, preprocessing)
              .vectors(vectors)
              .size(size)
              .seed(seed)
              .progress(progress);
      if (samples != null) {
        trainer.samples(samples);
      }
      Codebook codebook = trainer.train();
      codebook.save(out);
    }
    PrintWriter to = spec.commandLine().getOut();
    to.println(out + ": " + size + " entries of " + vectors.identity());
    to.flush();
  }
}
