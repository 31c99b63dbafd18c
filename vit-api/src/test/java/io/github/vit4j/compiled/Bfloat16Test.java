package io.github.vit4j.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a process of its own, since the engine dies where bfloat16 is handled in a wrong way. */
class Bfloat16Test {

  /** What the child does: every way in and out, twice, and what is left is float32. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) {
      try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
        VisionTransformer model =
            ViT.builder().imageSize(32).width(64).depth(2).heads(2).parallel(2).classes(5).build();
        model.initialize(manager);
        float[] pixels = new float[2 * 3 * 32 * 32];
        Random random = new Random(1);
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = (float) random.nextGaussian();
        }
        NDArray images = manager.create(pixels, new Shape(2, 3, 32, 32));
        try (CompiledViT single = model.compile();
            CompiledViT half = model.compile(CompileOptions.bfloat16());
            CompiledViT plain = model.compile(CompileOptions.bfloat16().plain())) {
          float[] expected = single.pooled(images).toFloatArray();
          for (int i = 0; i < 2; i++) {
            for (CompiledViT each : new CompiledViT[] {half, plain}) {
              NDArray features = each.pooled(images);
              require(features.getDataType() == DataType.FLOAT32, "not float32");
              require(apart(features.toFloatArray(), expected) < .05, "too far apart");
              require(each.logits(images).getShape().equals(new Shape(2, 5)), "no logits");
            }
          }
          System.out.println("same");
        } catch (BadInputException e) {
          System.out.println(e.getMessage());
        }
      }
    }

    private static double apart(float[] ours, float[] theirs) {
      double largest = 0;
      double apart = 0;
      for (int i = 0; i < ours.length; i++) {
        largest = Math.max(largest, Math.abs(theirs[i]));
        apart = Math.max(apart, Math.abs(theirs[i] - ours[i]));
      }
      return apart / largest;
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalStateException(otherwise);
      }
    }
  }

  @Test
  void computesInBfloat16OrSaysThatTheProcessorCannot() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).isZero();
      assertThat(out.strip())
          .isEqualTo(
              OneDnn.hasBfloat16()
                  ? "same"
                  : "this processor has no bfloat16 products; compile with"
                      + " CompileOptions.float32()");
    } finally {
      child.destroyForcibly();
    }
  }
}
