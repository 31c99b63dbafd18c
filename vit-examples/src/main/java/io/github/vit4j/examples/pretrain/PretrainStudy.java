package io.github.vit4j.examples.pretrain;

import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Checkpointed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Does masked-image pre-training help a small model, and does the stem matter? The pattern of Table
 * 7 of "Three things everyone should know about ViTs", on CIFAR-10: a model of about 0.4 million
 * parameters with a linear, an hMLP-style and an overlapping convolutional stem is pre-trained on
 * training images without labels, then fine-tuned with all their labels and with a tenth of them,
 * against the same fine-tuning from drawn values.
 *
 * <p>Command: {@code ./vit study-pretraining cifar10-jpeg.tar}. Every run has a folder of its own;
 * an interrupted study goes on where it was.
 */
@Command(
    name = "study-pretraining",
    description = "Compare stems with and without masked-image pre-training on CIFAR-10.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
public final class PretrainStudy implements Callable<Integer> {

  @Parameters(
      paramLabel = "DATA",
      description =
          "CIFAR-10 as published, or a tar file or folder with train/CLASS/NAME and test/CLASS/NAME,"
              + " 32 x 32 pixels.")
  private Path data = Path.of("cifar10-jpeg.tar");

  @Option(names = "--out", paramLabel = "FOLDER", description = "Runs, table and chart.")
  private Path out = Path.of("runs", "study-pretraining");

  @Option(names = "--images", paramLabel = "N", description = "Training images.")
  private int images = 5000;

  @Option(names = "--tests", paramLabel = "N", description = "Test images.")
  private int tests = 5000;

  @Option(names = "--seeds", paramLabel = "N", description = "Seeds, from 0.")
  private int seeds = 2;

  @Option(
      names = "--stems",
      split = ",",
      paramLabel = "NAME",
      description = "Of ${COMPLETION-CANDIDATES}.")
  private StudyStem[] stems = {StudyStem.LINEAR, StudyStem.HMLP, StudyStem.CONV};

  @Option(names = "--target", paramLabel = "WHAT", description = "codebook or pixels.")
  private String target = "codebook";

  @Option(names = "--codebook", paramLabel = "N", description = "Entries of the codebook.")
  private int codebook = 512;

  @Option(names = "--pre-epochs", paramLabel = "N", description = "Epochs of pre-training.")
  private int preEpochs = 30;

  @Option(names = "--pre-rate", paramLabel = "R", description = "Its highest rate.")
  private double preRate = 1.5e-3;

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs with all labels.")
  private int epochs = 10;

  @Option(names = "--epochs-of-tenth", paramLabel = "N", description = "Epochs with 10 %%.")
  private int epochsOfTenth = 30;

  @Option(names = "--rate", paramLabel = "R", description = "Highest rate of fine-tuning.")
  private double rate = 1e-3;

  @Option(
      names = "--layer-decay",
      paramLabel = "D",
      description = "Of pre-trained models; those from scratch have none.")
  private double layerDecay = 0.75;

  @Option(
      names = "--layer-scale",
      paramLabel = "X",
      description = "LayerScale's initial value; BEiT's code has 0.1.")
  private double layerScale = 0.1;

  @Option(names = "--engine-threads", paramLabel = "N", description = "Threads that compute.")
  private int engineThreads = 1;

  @Override
  public Integer call() {
    if (!List.of("codebook", "pixels").contains(target)) {
      throw new BadInputException("there is no target '" + target + "'; choose codebook or pixels");
    }
    if (seeds < 1 || images < 20 || tests < 1) {
      throw new BadInputException(
          "%d seeds, %d training and %d test images are not enough; give at least 1, 20 and 1"
              .formatted(seeds, images, tests));
    }
    EngineThreads.set(engineThreads);
    boolean pixels = target.equals("pixels");
    StudySettings settings =
        new StudySettings(
            preEpochs,
            preRate,
            epochs,
            epochsOfTenth,
            rate,
            layerDecay,
            layerScale,
            codebook,
            pixels);
    StudyRun run = new StudyRun(StudyData.of(data, images, tests), settings, out);
    run.requireSame("%s, %d images, %d tests".formatted(settings, images, tests));
    StudyReport report = Checkpointed.run(() -> train(run, pixels));
    System.out.print(report.markdown());
    return 0;
  }

  private StudyReport train(StudyRun run, boolean pixels) {
    StudyReport report = new StudyReport(pixels);
    for (long seed = 0; seed < seeds; seed++) {
      for (StudyStem stem : Arrays.asList(stems)) {
        report.add(stem, "pretrain", run.preTrain(stem, seed));
        for (boolean allLabels : new boolean[] {true, false}) {
          for (boolean preTrained : new boolean[] {true, false}) {
            report.add(
                stem,
                StudyReport.column(preTrained, allLabels),
                run.fineTune(stem, seed, preTrained, allLabels));
          }
        }
        report.save(out); // what is known so far
      }
    }
    return report;
  }
}
