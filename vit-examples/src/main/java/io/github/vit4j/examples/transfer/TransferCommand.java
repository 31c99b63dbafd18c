package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The programs that fine-tune, as one command. */
@Command(
    name = "transfer",
    description = {
      "Fine-tune on a published data set with the paper's splits and recipe, and compare with its"
          + " accuracy."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "DATASET",
    commandListHeading = "%nData sets:%n",
    subcommands = {
      TransferCifar10.class,
      TransferCifar100.class,
      TransferFlowers102.class,
      TransferStanfordCars.class,
      TransferINaturalist18.class,
      TransferINaturalist19.class
    },
    footer = {
      "",
      "Try:",
      "  vit transfer flowers-102 data/flowers-102 --out runs/flowers \\",
      "    -m deit_small_patch16_224.fb_in1k --strategy attention"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class TransferCommand implements Runnable {

  @Spec CommandSpec spec;

  /** For picocli. */
  public TransferCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a data set is missing, such as flowers-102");
  }
}
