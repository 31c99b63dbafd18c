package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.evaluate.UnreadableImage;
import java.util.List;
import picocli.CommandLine;

/** Names the images that could not be used, without filling the screen. */
public final class BrokenImages {

  private static final int NAMED = 20;

  private BrokenImages() {}

  /**
   * Writes a line on standard error for each of the first, and how many more there are.
   *
   * @param command whose standard error it is
   * @param broken the images
   */
  public static void name(CommandLine command, List<UnreadableImage> broken) {
    broken.stream().limit(NAMED).forEach(bad -> Failures.say(command, bad.problem()));
    if (broken.size() > NAMED) {
      Failures.say(command, "... and %d more broken images".formatted(broken.size() - NAMED));
    }
  }
}
