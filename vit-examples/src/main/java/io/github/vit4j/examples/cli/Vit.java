package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.bench.ImageBench;
import io.github.vit4j.examples.bench.LargeCost;
import io.github.vit4j.examples.bench.ModelBench;
import io.github.vit4j.examples.bench.OpenCost;
import io.github.vit4j.examples.bench.OptimizerCost;
import io.github.vit4j.examples.bench.ServingBench;
import io.github.vit4j.examples.bench.TaskCost;
import io.github.vit4j.examples.cifar10.TrainCifar10;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.examples.pretrain.PretrainStudy;
import io.github.vit4j.examples.study.StudyCommand;
import io.github.vit4j.examples.sweep.SweepCommand;
import io.github.vit4j.examples.transfer.EvaluateImageNet;
import io.github.vit4j.examples.transfer.EvaluateImageNetV2;
import io.github.vit4j.examples.transfer.TransferCommand;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line {@code vit}.
 *
 * <p>Exit codes: 0 all is well, 1 the answer is bad (a check failed, images were broken), 2 the
 * input is bad, 69 a file could not be downloaded, 70 an error inside the program.
 */
@Command(
    name = "vit",
    description = "Vision Transformers: classify images, embed them, measure accuracy.",
    versionProvider = Versions.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ClassifyCommand.class,
      EmbedCommand.class,
      DownloadCommand.class,
      EvaluateCommand.class,
      FewShotCommand.class,
      ListCommand.class,
      InfoCommand.class,
      SummaryCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      FinetuneCommand.class,
      TransferCommand.class,
      EvaluateImageNet.class,
      EvaluateImageNetV2.class,
      CodebookCommand.class,
      PretrainCommand.class,
      PretrainStudy.class,
      TrainCifar10.class,
      StudyCommand.class,
      SweepCommand.class,
      ScalingLawCommand.class,
      OpenCost.class,
      OptimizerCost.class,
      LargeCost.class,
      TaskCost.class,
      ImageBench.class,
      ModelBench.class,
      ServingBench.class
    },
    footer = {
      "",
      "Try:",
      "  vit classify --samples          images that come along",
      "  vit classify cat.jpg photos/    your own",
      "  vit classify --help             what else a command can do"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Vit implements Runnable {

  private final Charset charset;

  @Spec CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error occurs.")
  boolean debug;

  Vit(Charset charset) {
    this.charset = charset;
  }

  /**
   * Runs a command and exits with its code.
   *
   * @param args command, options, images
   */
  public static void main(String[] args) {
    Terminal.run(new Vit(Terminal.charset()), args);
  }

  /**
   * The commands, ready to execute.
   *
   * @param charset what the terminal understands; decides whether bars are blocks or plain marks
   */
  static CommandLine commandLine(Charset charset) {
    return Terminal.commandLine(new Vit(charset));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as classify");
  }

  boolean unicode() {
    return charset.equals(StandardCharsets.UTF_8);
  }
}
