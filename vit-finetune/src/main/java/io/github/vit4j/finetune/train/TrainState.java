package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.optim.Ema;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that training changes: weights, statistics, the optimiser's memory, averaged weights. */
final class TrainState implements AutoCloseable {

  private static final String MODEL = "model/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String EMA = "ema/";

  private final List<ViTParameter> moving;
  private final NDManager manager;
  private final Map<ViTParameter, NDArray> statistics = new LinkedHashMap<>();
  private boolean stepBegun;
  final Optimizer optimizer;
  final @Nullable Ema ema;

  TrainState(
      List<ViTParameter> parameters, NDManager manager, Optimizer optimizer, double emaDecay) {
    this.manager = manager;
    this.optimizer = optimizer;
    moving =
        parameters.stream().filter(p -> p.isBuffer() || p.parameter().requiresGradient()).toList();
    ema = emaDecay > 0 ? Ema.withWarmUp(parameters, emaDecay) : null;
    if (movesStatistics(parameters)) {
      for (ViTParameter p : moving) {
        if (p.isBuffer()) {
          statistics.put(p, manager.zeros(p.shape()));
        }
      }
    }
  }

  /** Whether forward passes move running statistics of BatchNorm. */
  static boolean movesStatistics(List<ViTParameter> all) {
    boolean stem =
        all.stream()
            .anyMatch(
                p ->
                    p.role() == Role.STEM
                        && p.parameter().getType() == Parameter.Type.GAMMA
                        && p.parameter().requiresGradient());
    return stem && all.stream().anyMatch(ViTParameter::isBuffer);
  }

  /** Remembers what forward passes move, in case the step is not taken. */
  void beginStep() {
    statistics.forEach((p, kept) -> overwrite(kept, p.array()));
    stepBegun = true;
  }

  /** Ends a step; one that was not taken leaves nothing. */
  void endStep(boolean taken) {
    if (stepBegun && !taken) {
      statistics.forEach((p, kept) -> overwrite(p.array(), kept));
    }
    stepBegun = false;
  }

  private static void overwrite(NDArray array, NDArray values) {
    try (NDArray alias = array.stopGradient()) { // of which no gradient is recorded
      alias.set(new NDIndex("..."), values);
    }
  }

  /** Works with the averaged weights in the model, if there are any. */
  <T> T averaged(Supplier<T> work) {
    if (ema == null) {
      return work.get();
    }
    Ema.Swap swap = ema.swapIn();
    try {
      return work.get();
    } finally {
      swap.close();
    }
  }

  void save(Path file, RunProgress progress) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    moving.forEach(p -> arrays.put(MODEL + p.path(), p.array()));
    optimizer.state().forEach((name, array) -> arrays.put(OPTIMIZER + name, array));
    if (ema != null) {
      ema.state().forEach((name, array) -> arrays.put(EMA + name, array));
    }
    StateFile.write(file, progress, arrays);
  }

  /**
   * Takes over a checkpoint.
   *
   * @return how far the run was
   * @throws BadInputException if it is broken or of another run; some of it may be taken over then
   */
  RunProgress restore(Path file) {
    try (NDManager scope = manager.newSubManager()) {
      StateFile.Contents contents = StateFile.read(file, scope);
      optimizer.restore(part(contents, OPTIMIZER));
      if (ema != null) {
        ema.restore(part(contents, EMA));
      }
      Map<String, NDArray> weights = part(contents, MODEL);
      for (ViTParameter p : moving) {
        NDArray values = weights.get(p.path());
        if (values == null || !values.getShape().equals(p.shape())) {
          throw new BadInputException(file + " has no fitting values for " + p.path());
        }
        overwrite(p.array(), values);
      }
      return contents.progress();
    }
  }

  private static Map<String, NDArray> part(StateFile.Contents contents, String prefix) {
    Map<String, NDArray> part = new LinkedHashMap<>();
    contents
        .arrays()
        .forEach(
            (name, array) -> {
              if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
              }
            });
    return part;
  }

  @Override
  public void close() {
    statistics.values().forEach(NDArray::close);
    if (ema != null) {
      ema.close();
    }
    optimizer.close();
  }
}
