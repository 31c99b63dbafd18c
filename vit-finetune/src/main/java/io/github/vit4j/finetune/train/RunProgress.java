package io.github.vit4j.finetune.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** How far a run is, and what it has counted. A plain holder of values that goes to JSON. */
final class RunProgress {

  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  /** Epochs that are over and evaluated. */
  int epoch;

  /** Steps of the present epoch that were taken. */
  int stepInEpoch;

  /** Steps in all. */
  long step;

  /** Of the present epoch. */
  double lossSum;

  double normSum;
  long normSteps;
  long right;
  long counted;
  long seen;
  long skipped;
  double trainSeconds;

  double bestTop1 = Double.NEGATIVE_INFINITY;
  double bestLoss = Double.POSITIVE_INFINITY;
  int bestEpoch;

  /** Names of the images that were left out. */
  Set<String> unreadable = new TreeSet<>();

  void beginEpoch() {
    epoch++;
    stepInEpoch = 0;
    lossSum = 0;
    normSum = 0;
    normSteps = 0;
    right = 0;
    counted = 0;
    seen = 0;
    skipped = 0;
    trainSeconds = 0;
  }

  void forgetBest() {
    bestTop1 = Double.NEGATIVE_INFINITY;
    bestLoss = Double.POSITIVE_INFINITY;
    bestEpoch = 0;
  }

  double meanLoss() {
    return seen == 0 ? Double.NaN : lossSum / seen;
  }

  double top1Percent() {
    return counted == 0 ? Double.NaN : 100.0 * right / counted;
  }

  boolean improves(double top1, double loss) {
    return top1 > bestTop1 || top1 == bestTop1 && loss < bestLoss;
  }

  String toJson() {
    return GSON.toJson(this);
  }

  static RunProgress fromJson(String json, Path where) {
    try {
      RunProgress progress = GSON.fromJson(json, RunProgress.class);
      if (progress != null && progress.unreadable != null) {
        return progress;
      }
    } catch (JsonParseException e) {
      throw new BadInputException(where + " says in a broken way how far the run is", e);
    }
    throw new BadInputException(where + " does not say how far the run is");
  }
}
