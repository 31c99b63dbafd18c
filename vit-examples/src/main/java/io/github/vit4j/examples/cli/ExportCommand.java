package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.export.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model for other runtimes. */
@Command(
    name = "export",
    description = "Write a model as a file that other runtimes read.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit export my-model --to onnx --out my-model.onnx"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExportCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "As for --model. Default: the model that comes along.")
  @Nullable String name;

  @Mixin ModelChoice model;

  /** Which form. */
  enum Format {
    /** ONNX, for ONNX Runtime and whatever else reads it. */
    onnx(".onnx") {
      @Override
      void write(ViTModel opened, Path out) {
        opened.exportOnnx(out);
      }

      @Override
      String form() {
        return "ONNX, opset " + OnnxExport.OPSET;
      }
    },

    /** A TorchScript file of portable operators, for DJL Serving, libtorch and Python. */
    torchscript(".pt") {
      @Override
      void write(ViTModel opened, Path out) {
        opened.exportTorchScript(out);
      }

      @Override
      String form() {
        return "TorchScript";
      }
    };

    private final String suffix;

    Format(String suffix) {
      this.suffix = suffix;
    }

    abstract void write(ViTModel opened, Path out);

    abstract String form();
  }

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      required = true,
      description = "Which form: ${COMPLETION-CANDIDATES}.")
  Format format;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "Where to; an existing file is replaced when all is done.")
  Path out;

  @Override
  public Integer call() throws IOException {
    if (name != null && model.name() != null) {
      throw new BadInputException("the model is named twice; leave --model away");
    }
    if (name != null) {
      model.named(name);
    }
    OutFile.require(out, format.suffix, format.form());
    try (ViTModel opened = model.open()) {
      format.write(opened, out);
    }
    spec.commandLine()
        .getOut()
        .println("%s: %s, %s bytes".formatted(out, format.form(), Texts.count(Files.size(out))));
    return 0;
  }
}
