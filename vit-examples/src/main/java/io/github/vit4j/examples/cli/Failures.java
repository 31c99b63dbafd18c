package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.HubException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line and an exit code. */
final class Failures {

  private static final int INTERNAL = 70; // EX_SOFTWARE of sysexits.h

  private Failures() {}

  static int badArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String guess = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      guess = "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
    return report(command, e, message(e) + guess + help, Vit.BAD_INPUT);
  }

  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof BadInputException) {
      return report(command, e, message(e), Vit.BAD_INPUT);
    }
    return e instanceof HubException
        ? report(command, e, message(e), Vit.UNAVAILABLE)
        : unexpected(command, e);
  }

  /** Errors, which picocli lets pass, get their line as well. */
  static int strategy(ParseResult parsed) {
    CommandLine command = parsed.commandSpec().commandLine();
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      return report(
          command,
          e,
          "out of memory: use smaller batches or images, or give Java more, as in"
              + " VIT_JAVA_OPTS=-Xmx8g",
          INTERNAL);
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      return unexpected(command, e);
    }
  }

  private static int unexpected(CommandLine command, Throwable e) {
    String what = e.getClass().getSimpleName() + ": " + message(e);
    return report(
        command, e, "unexpected " + what + "; --debug shows where, please report it", INTERNAL);
  }

  private static int report(CommandLine command, Throwable e, String line, int code) {
    say(command, line);
    CommandLine top = command;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    Vit vit = top.getCommand();
    if (vit.debug) {
      e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return code;
  }

  /** One line on standard error. */
  static void say(CommandLine command, String message) {
    command.getErr().println("vit: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }

  private static String message(Throwable e) {
    return String.valueOf(e.getMessage());
  }
}
