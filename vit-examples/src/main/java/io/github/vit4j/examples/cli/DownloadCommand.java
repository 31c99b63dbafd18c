package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.RegistryChoice;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.zoo.ViTModelLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Models brought to this machine, to be used offline later. */
@Command(
    name = "download",
    description = {
      "Bring models to this machine and say where their files are.",
      "Files go where Python's libraries look for them, and are taken from there: the Hugging Face"
          + " cache and torch's hub folder."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DownloadCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = "Names that 'vit list' shows, or hf:OWNER/NAME.")
  List<String> names;

  @Mixin RegistryChoice registry;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : names) {
      if (name.isBlank()) {
        throw new BadInputException("a model without a name cannot be downloaded");
      }
      ViTModelLoader loader = registry.named(name);
      boolean wasHere = loader.isDownloaded();
      Path file = loader.download();
      out.println(file + (wasHere ? " (was here already)" : ""));
      out.flush();
    }
    return 0;
  }
}
