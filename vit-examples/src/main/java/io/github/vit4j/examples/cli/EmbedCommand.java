package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.BatchOptions;
import io.github.vit4j.examples.command.BrokenImages;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.evaluate.Embeddings;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Images as vectors. */
@Command(
    name = "embed",
    description = "Write the embeddings of images, the features that the head reads, to a file.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EmbedCommand implements Callable<Integer> {

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;
  @Mixin ImageArguments images;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = {
        "Where to: FILE.npy, (images, width); FILE.safetensors with the tensor 'features' and the"
            + " names of the images in the metadata 'files'; FILE.json; or FILE.csv.",
        "An existing file is replaced when all is done."
      })
  Path out;

  @Mixin ModelChoice model;
  @Mixin BatchOptions batches;

  @Option(names = "--skip-broken", description = "Broken images are no failure: exit with 0.")
  boolean skipBroken;

  @Override
  public Integer call() {
    Embeddings.requireWritable(out);
    List<Path> files = images.files();
    if (files.isEmpty()) {
      throw new BadInputException("there is nothing to embed; name images or folders");
    }
    Embeddings embeddings;
    try (ViTModel opened = model.open();
        ProgressLine progress = new ProgressLine("Embedding", files.size(), vit.unicode())) {
      Embeddings.requireWritable(out, files.size(), opened.network().config().width());
      BulkInference inference = new BulkInference(opened).withProgress(progress);
      embeddings = batches.applyTo(inference).embed(files);
    }
    if (embeddings.files().isEmpty()) {
      BrokenImages.name(spec.commandLine(), embeddings.unreadable());
      return Exit.BAD_INPUT;
    }
    embeddings.save(out);
    spec.commandLine()
        .getOut()
        .println(
            "%s of %d numbers each, in %s"
                .formatted(
                    Texts.count(embeddings.files().size(), "embedding"), embeddings.width(), out));
    BrokenImages.name(spec.commandLine(), embeddings.unreadable());
    return embeddings.unreadable().isEmpty() || skipBroken ? 0 : Exit.BAD_RESULT;
  }
}
