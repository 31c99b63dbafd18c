package io.github.vit4j.examples.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Runs a program as the {@code main} of a process. */
public final class Terminal {

  private Terminal() {}

  /**
   * Runs a command and exits with its code.
   *
   * @param command with picocli's annotations
   * @param args options and parameters
   */
  public static void run(Object command, String[] args) {
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true"); // never download anything behind a user's back
    }
    CommandLine line = commandLine(command);
    Charset charset = charset();
    line.setOut(new PrintWriter(writer(FileDescriptor.out, charset), true));
    line.setErr(new PrintWriter(writer(FileDescriptor.err, charset), true));
    int code = line.execute(args);
    line.getOut().flush();
    System.exit(code);
  }

  /**
   * {@return a command, ready to execute, with the house's errors and exit codes}
   *
   * @param command with picocli's annotations
   */
  public static CommandLine commandLine(Object command) {
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    if (spec.findOption(Failures.DEBUG) == null) {
      spec.addOption(
          OptionSpec.builder(Failures.DEBUG)
              .type(boolean.class)
              .description("Show where in the program an error occurs.")
              .build());
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    Failures.handleIn(line);
    return line;
  }

  private static OutputStreamWriter writer(FileDescriptor to, Charset charset) {
    return new OutputStreamWriter(new FileOutputStream(to), charset);
  }

  /** {@return what the terminal understands} */
  public static Charset charset() {
    // the first name is that of JDK 19 and newer, the second that of those before
    for (String key : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
      String name = System.getProperty(key);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    return Charset.defaultCharset();
  }
}
