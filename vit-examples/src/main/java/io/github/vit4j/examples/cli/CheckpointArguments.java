package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which tensors a command looks at. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckpointArguments {

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = {
        "A checkpoint (safetensors, npz, or PyTorch's .pth, .pt, .bin), the index of one in several"
            + " files (.index.json), or a folder that holds one."
      })
  Path file;

  @Option(
      names = "--select",
      paramLabel = "KEY",
      description = {
        "Which dictionary of a PyTorch file, such as model_ema; a/b for one within another.",
        "Default: the first of the usual ones; 'vit inspect' shows which there are."
      })
  @Nullable String select;

  ViTModelLoader loader() {
    if (!Files.exists(file)) {
      throw new BadInputException(file + " does not exist");
    }
    ViTModelLoader loader = ViTModel.at(file);
    return select == null ? loader : loader.select(select);
  }
}
