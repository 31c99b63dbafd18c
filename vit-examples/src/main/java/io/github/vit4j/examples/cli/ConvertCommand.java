package io.github.vit4j.examples.cli;

import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.checkpoint.TorchFile;
import io.github.vit4j.zoo.names.NameConverter;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.WeightRenamer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A checkpoint as safetensors. */
@Command(
    name = "convert",
    description = {
      "Write any checkpoint that can be read as safetensors.",
      "Without --to names stay as they are, whatever the tensors are for; with it they become those"
          + " of another family."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit convert checkpoint.pth model.safetensors --to timm --as f16"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin CheckpointArguments checkpoint;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "OUT.safetensors; an existing file is replaced when all is done.")
  Path out;

  /** The families that there are, for the help text. */
  static final class Families implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return NameConverters.families().iterator();
    }
  }

  @Option(
      names = "--to",
      paramLabel = "FAMILY",
      completionCandidates = Families.class,
      description = {
        "Whose names to write: ${COMPLETION-CANDIDATES}.",
        "The architecture must be known, from the file itself, config.json beside it, or --config."
      })
  @Nullable String to;

  /** What becomes of floating-point numbers. */
  enum Floats {
    f32(TensorType.F32),
    f16(TensorType.F16),
    bf16(TensorType.BF16),
    keep(null);

    private final @Nullable TensorType type;

    Floats(@Nullable TensorType type) {
      this.type = type;
    }
  }

  @Option(
      names = "--as",
      paramLabel = "TYPE",
      defaultValue = "keep",
      description =
          "What floating-point numbers become: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Floats as;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The architecture as JSON in timm's words, for --to.")
  @Nullable Path config;

  @Override
  public Integer call() {
    OutFile.require(out, ".safetensors", "safetensors");
    ViTModelLoader loader = checkpoint.loader();
    if (config != null && to == null) {
      throw new BadInputException("--config means nothing without --to");
    }
    NameConverter family = to == null ? null : NameConverters.named(to);
    try (Checkpoint file = loader.checkpoint()) {
      refuseInputAsOutput(file);
      if (family == null) {
        keepNames(file);
      } else {
        VisionTransformer model =
            ViT.of((config == null ? loader : loader.config(config)).architecture());
        WeightRenamer.convert(file, model, family, out, as.type);
      }
    }
    try (Checkpoint written = SafeTensors.open(out)) {
      spec.commandLine()
          .getOut()
          .println("%s in %s".formatted(Texts.count(written.tensors().size(), "tensor"), out));
    }
    return 0;
  }

  private void keepNames(Checkpoint file) {
    List<TensorSource> tensors =
        file.tensors().stream().map(info -> TensorSource.of(file, info.name())).toList();
    Map<String, String> metadata = new HashMap<>(file.metadata());
    if (file instanceof TorchFile) {
      metadata.put("format", "pt"); // other libraries ask for it
    }
    if (as.type == null) {
      SafeTensors.write(out, metadata, tensors);
    } else {
      SafeTensors.write(out, metadata, tensors, as.type);
    }
  }

  private void refuseInputAsOutput(Checkpoint file) {
    try {
      if (Files.exists(out) && Files.isSameFile(out, file.source())) {
        throw new BadInputException(out + " is the input, too; write another file");
      }
    } catch (IOException e) {
      throw new BadInputException(out + " cannot be read: " + e.getMessage(), e);
    }
  }
}
