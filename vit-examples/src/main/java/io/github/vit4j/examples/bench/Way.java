package io.github.vit4j.examples.bench;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.BenchCase.Precision;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A way to run a model: our own, or another library in the same JVM.
 *
 * @param name as the option says it
 * @param precisions what it computes in
 * @param exported whether it reads the model as an ONNX file
 * @param opener opens a model
 */
record Way(String name, Set<Precision> precisions, boolean exported, Opener opener) {

  /** The model as DJL runs its block; training is always done this way. */
  static final String BLOCK = "block";

  /** ONNX Runtime for Java, on the same model exported. */
  static final String ONNX_RUNTIME = "onnxruntime";

  /** All of them. A further way is one more line. */
  static final List<Way> ALL =
      List.of(
          new Way(BLOCK, EnumSet.of(Precision.float32), false, BlockForward::new),
          new Way("compiled", EnumSet.allOf(Precision.class), false, CompiledForward::new),
          new Way(ONNX_RUNTIME, EnumSet.of(Precision.float32), true, OnnxForward::new));

  /** Opens a model; the file is there only if the way reads one. */
  @FunctionalInterface
  interface Opener {
    Forward open(BenchCase wanted, Path file, int threads) throws Exception;
  }

  static Way named(String name) {
    return ALL.stream()
        .filter(way -> way.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "--ways has no '%s'; known are %s"
                        .formatted(name, ALL.stream().map(Way::name).toList())));
  }
}
