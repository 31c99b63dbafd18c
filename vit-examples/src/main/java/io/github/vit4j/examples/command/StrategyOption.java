package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.strategy.BiasOnly;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.FreezeAllButFeedForward;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.finetune.strategy.LastBlocks;
import io.github.vit4j.finetune.strategy.LinearProbe;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.finetune.strategy.NormOnly;

/** A strategy by the word that the command line has for it. */
public final class StrategyOption {

  /** All of them, for messages. */
  public static final String WORDS = "full, attention, ffn, probe, bias, norm, last:N, lora:RANK";

  private StrategyOption() {}

  /**
   * {@return the strategy of a word}
   *
   * @param text such as {@code attention} or {@code lora:8}
   * @throws BadInputException if there is none
   */
  public static FineTuneStrategy parse(String text) {
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    if (word.equals("last") || word.equals("lora")) {
      int number = number(text, colon);
      return word.equals("last") ? new LastBlocks(number) : new LoRA(number);
    }
    return switch (text) {
      case "full" -> new FullFineTuning();
      case "attention" -> new FreezeAllButAttention();
      case "ffn" -> new FreezeAllButFeedForward();
      case "probe" -> new LinearProbe();
      case "bias" -> new BiasOnly();
      case "norm" -> new NormOnly();
      default -> throw unknown(text);
    };
  }

  private static int number(String text, int colon) {
    try {
      return Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw unknown(text);
    }
  }

  private static BadInputException unknown(String text) {
    return new BadInputException(
        "there is no strategy '%s'; choose one of %s".formatted(text, WORDS));
  }
}
