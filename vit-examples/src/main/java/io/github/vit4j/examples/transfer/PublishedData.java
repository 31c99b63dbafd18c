package io.github.vit4j.examples.transfer;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.data.PublishedCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A program for a published data set: where the data is, where to get it, and its counts. */
@Command(mixinStandardHelpOptions = true, versionProvider = Versions.class, sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class PublishedData implements Callable<Integer> {

  CommandSpec spec;

  @Parameters(paramLabel = "ROOT", description = "The folder of the data, as described below.")
  Path root;

  @Mixin ModelChoice model;

  @Option(
      names = "--strict",
      description = "Refuse data whose counts differ from the published ones.")
  boolean strict;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "Use N images of each split only, of all classes alike, to try it out.")
  @Nullable Integer limit;

  abstract PublishedCounts published();

  /** Where to get the data, what ROOT then holds, and what it may be used for. */
  abstract String source();

  @Spec
  void spec(CommandSpec spec) {
    this.spec = spec;
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(Texts.wrapped("Data: " + source(), spec.usageMessage().width() - 1));
    spec.usageMessage().footer(lines.toArray(String[]::new));
  }

  /** Says each difference from what was published, or refuses them all. */
  final List<String> said(List<String> differences) {
    if (strict && !differences.isEmpty()) {
      throw new BadInputException(
          String.join("; ", differences) + "; get what is missing, or do without --strict");
    }
    differences.forEach(text -> Failures.say(spec.commandLine(), "warning: " + text));
    return differences;
  }

  /**
   * The indices of the images that are used. Published lists go class by class, so the first ones
   * would be of one class.
   */
  final int[] used(int images) {
    if (limit != null && limit < 1) {
      throw new BadInputException("at least 1 image is needed, but the limit is " + limit);
    }
    int count = limit == null ? images : Math.min(limit, images);
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (int) ((long) i * images / count);
    }
    return indices;
  }
}
