package io.github.vit4j.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Runs commands as a terminal would. */
final class Shell {

  private Shell() {}

  /**
   * What a command left behind.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int code, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }
  }

  static Outcome run(Object... arguments) {
    return run(StandardCharsets.US_ASCII, arguments);
  }

  static Outcome run(Charset charset, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine vit = Vit.commandLine(charset);
    vit.setOut(new PrintWriter(out, true));
    vit.setErr(new PrintWriter(err, true));
    int code = vit.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
