package io.github.vit4j.examples.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.vit4j.zoo.export.OnnxExport;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** An exported model in ONNX Runtime, with all of its own optimisations. */
final class OnnxForward implements Forward {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final long[] shape;

  OnnxForward(BenchCase wanted, Path file, int threads) throws OrtException {
    shape = new long[] {wanted.batch(), 3, wanted.size(), wanted.size()};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(file.toString(), options);
    }
  }

  @Override
  public void run(FloatBuffer pixels) throws OrtException {
    try (OnnxTensor images = OnnxTensor.createTensor(environment, pixels.duplicate(), shape);
        OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, images))) {
      FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
      logits.get(new float[logits.remaining()]);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not close its session", e);
    }
  }
}
