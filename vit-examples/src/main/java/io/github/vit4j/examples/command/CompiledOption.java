package io.github.vit4j.examples.command;

import io.github.vit4j.compiled.CompileOptions;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a command runs the model as it is, or compiled. */
public final class CompiledOption {

  @Option(
      names = "--compiled",
      paramLabel = "PRECISION",
      description = {
        "Compile the model for inference: float32, bfloat16 or int8.",
        "Default: run it as training does, in float32."
      })
  @Nullable String precision;

  /** For picocli. */
  public CompiledOption() {}

  /**
   * {@return the model, compiled if the option says so; the caller closes it}
   *
   * @param model the choice of the model
   * @throws io.github.vit4j.error.BadInputException if the model cannot be opened, there is no such
   *     precision, or the processor does not have it
   */
  public ViTModel open(ModelChoice model) {
    if (precision == null) {
      return model.open();
    }
    CompileOptions options = options(precision);
    try (ViTModel opened = model.open()) {
      return opened.compile(options);
    }
  }

  private static CompileOptions options(String word) {
    return switch (word) {
      case "float32" -> CompileOptions.float32();
      case "bfloat16" -> CompileOptions.bfloat16();
      case "int8" -> CompileOptions.int8();
      default ->
          throw new BadInputException(
              "--compiled has no '%s'; choose float32, bfloat16 or int8".formatted(word));
    };
  }
}
