package io.github.vit4j.examples.cli;

import io.github.vit4j.finetune.evaluate.UnreadableImage;
import java.util.List;
import picocli.CommandLine;

/** Names the images that could not be used, without filling the screen. */
final class BrokenImages {

  private static final int NAMED = 20;

  private BrokenImages() {}

  static void name(CommandLine command, List<UnreadableImage> broken) {
    broken.stream().limit(NAMED).forEach(bad -> Failures.say(command, bad.problem()));
    if (broken.size() > NAMED) {
      Failures.say(command, "... and %d more broken images".formatted(broken.size() - NAMED));
    }
  }
}
