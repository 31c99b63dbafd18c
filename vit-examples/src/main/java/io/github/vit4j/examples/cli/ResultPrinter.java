package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.cli.ClassifyCommand.Result;
import io.github.vit4j.examples.command.Texts;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Shows classified images to people: few at length, many as a table. */
final class ResultPrinter {

  private static final int FEW = 6;
  private static final int LONGEST_NAME = 44;
  private static final int LONGEST_FILE = 48;
  private static final int BAR = 24;
  private static final int SMALL_BAR = 10;

  private final PrintWriter out;
  private final Ansi ansi;
  private final boolean unicode;

  ResultPrinter(CommandLine command, boolean unicode) {
    out = command.getOut();
    ansi = command.getColorScheme().ansi();
    this.unicode = unicode;
  }

  void print(List<Result> results) {
    if (results.size() <= FEW) {
      int width =
          Texts.widest(
              results.stream().flatMap(r -> r.classes().stream()).map(Choice::name).toList(),
              LONGEST_NAME);
      results.forEach(result -> block(result, width, result != results.get(0)));
    } else {
      table(results);
    }
  }

  private void block(Result result, int width, boolean apart) {
    if (apart) {
      out.println();
    }
    out.println(strong(result.file()));
    for (Choice choice : result.classes()) {
      String name = Texts.pad(Texts.fit(choice.name(), width), width);
      out.println(line("  " + name, choice.probability(), BAR, ""));
    }
  }

  private void table(List<Result> results) {
    int files = Texts.widest(results.stream().map(Result::file).toList(), LONGEST_FILE);
    int names =
        Texts.widest(results.stream().map(r -> r.classes().get(0).name()).toList(), LONGEST_NAME);
    for (Result result : results) {
      Choice best = result.classes().get(0);
      String file = Texts.pad(Texts.fit(result.file(), files), files);
      String name = Texts.pad(Texts.fit(best.name(), names), names);
      out.println(line(file + "  " + strong(name), best.probability(), SMALL_BAR, others(result)));
    }
  }

  private String others(Result result) {
    if (result.classes().size() < 2) {
      return "";
    }
    Choice second = result.classes().get(1);
    return "  then %s %s"
        .formatted(
            Texts.fit(second.name(), LONGEST_NAME), Texts.percent(second.probability()).strip());
  }

  private String line(String what, double probability, int width, String more) {
    String bar = Bar.of(probability, width, unicode);
    String padded = more.isEmpty() ? bar : Texts.pad(bar, width);
    return (what + "  " + Texts.percent(probability) + "  " + padded + more).stripTrailing();
  }

  private String strong(String text) {
    return ansi.enabled() ? Ansi.Style.bold.on() + text + Ansi.Style.bold.off() : text;
  }
}
