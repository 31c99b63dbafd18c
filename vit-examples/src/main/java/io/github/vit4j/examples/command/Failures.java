package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.HubException;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line and an exit code. */
public final class Failures {

  /** The option that asks for more than one line. */
  static final String DEBUG = "--debug";

  private Failures() {}

  /**
   * Makes a command line end like that.
   *
   * @param line with all its commands
   */
  public static void handleIn(CommandLine line) {
    line.setParameterExceptionHandler(Failures::badArguments);
    line.setExecutionExceptionHandler(Failures::failed);
    line.setExecutionStrategy(Failures::strategy);
  }

  private static int badArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String guess = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      guess = "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
    return report(command, e, message(e) + guess + help, Exit.BAD_INPUT);
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof BadInputException || e instanceof InvalidPathException) {
      return report(command, e, message(e), Exit.BAD_INPUT);
    }
    if (e instanceof ChildFailed child) {
      return child.isSaid() ? child.code() : killed(command, child);
    }
    return e instanceof HubException
        ? report(command, e, message(e), Exit.UNAVAILABLE)
        : unexpected(command, e);
  }

  /** Errors, which picocli lets pass, get their line as well. */
  private static int strategy(ParseResult parsed) {
    CommandLine command = parsed.commandSpec().commandLine();
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      return report(
          command,
          e,
          "out of memory: use smaller batches or images, or give Java more, as in"
              + " VIT_JAVA_OPTS=-Xmx8g",
          Exit.INTERNAL);
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      return unexpected(command, e);
    }
  }

  private static int killed(CommandLine command, ChildFailed child) {
    String hint =
        child.code() > Exit.BAD_RESULT
            ? "; it crashed or was killed, perhaps because the memory was used up"
            : "; what it said is above";
    return report(command, child, message(child) + hint, Exit.INTERNAL);
  }

  private static int unexpected(CommandLine command, Throwable e) {
    String what = e.getClass().getSimpleName() + ": " + message(e);
    return report(
        command,
        e,
        "unexpected " + what + "; --debug shows where, please report it",
        Exit.INTERNAL);
  }

  private static int report(CommandLine command, Throwable e, String line, int code) {
    say(command, line);
    CommandLine top = command;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    OptionSpec debug = top.getCommandSpec().findOption(DEBUG);
    if (debug != null && Boolean.TRUE.equals(debug.getValue())) {
      e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return code;
  }

  /**
   * Writes one line on standard error.
   *
   * @param command whose standard error it is
   * @param message which may have line breaks
   */
  public static void say(CommandLine command, String message) {
    command.getErr().println("vit: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }

  private static String message(Throwable e) {
    return String.valueOf(e.getMessage());
  }
}
