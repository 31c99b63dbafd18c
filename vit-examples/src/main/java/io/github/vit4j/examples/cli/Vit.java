package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.bench.OpenCost;
import io.github.vit4j.examples.bench.TaskCost;
import io.github.vit4j.examples.cifar10.TrainCifar10;
import io.github.vit4j.examples.study.StudyCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
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
      VerifyCommand.class,
      FinetuneCommand.class,
      TrainCifar10.class,
      StudyCommand.class,
      ScalingLawCommand.class,
      OpenCost.class,
      TaskCost.class
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

  static final int BAD_RESULT = 1;
  static final int BAD_INPUT = 2;
  static final int UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h

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
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true"); // never download anything behind a user's back
    }
    Charset charset = terminalCharset();
    CommandLine vit = commandLine(charset);
    vit.setOut(new PrintWriter(writer(FileDescriptor.out, charset), true));
    vit.setErr(new PrintWriter(writer(FileDescriptor.err, charset), true));
    int code = vit.execute(args);
    vit.getOut().flush();
    System.exit(code);
  }

  private static OutputStreamWriter writer(FileDescriptor to, Charset charset) {
    return new OutputStreamWriter(new FileOutputStream(to), charset);
  }

  /** The first name is that of JDK 19 and newer, the second that of those before. */
  private static Charset terminalCharset() {
    for (String key : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
      String name = System.getProperty(key);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    return Charset.defaultCharset();
  }

  /**
   * The commands, ready to execute.
   *
   * @param charset what the terminal understands; decides whether bars are blocks or plain marks
   */
  static CommandLine commandLine(Charset charset) {
    CommandLine vit = new CommandLine(new Vit(charset));
    vit.setCaseInsensitiveEnumValuesAllowed(true);
    vit.setParameterExceptionHandler(Failures::badArguments);
    vit.setExecutionExceptionHandler(Failures::failed);
    vit.setExecutionStrategy(Failures::strategy);
    return vit;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as classify");
  }

  boolean unicode() {
    return charset.equals(StandardCharsets.UTF_8);
  }
}
