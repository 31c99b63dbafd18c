package io.github.vit4j.examples.study;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The experiments behind {@code docs/results}, one command each. */
@Command(
    name = "study",
    description = "Repeat an experiment of docs/results: many trainings, a table, a plot.",
    synopsisSubcommandLabel = "EXPERIMENT",
    mixinStandardHelpOptions = true,
    subcommands = {ParallelStudy.class, TransferStudy.class, ResolutionStudy.class})
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class StudyCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "an experiment is missing: parallel, transfer or resolution");
  }
}
