package io.github.vit4j.inference;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** Some files of {@link ImageBatches}, decoded and prepared. */
public final class PixelBatch {

  private final FloatBuffer pixels;
  private final int[] indices;
  private final int end;
  private final List<Problem> problems;

  PixelBatch(FloatBuffer pixels, int[] indices, int end, List<Problem> problems) {
    this.pixels = pixels;
    this.indices = indices;
    this.end = end;
    this.problems = problems;
  }

  /**
   * A file that could not be used.
   *
   * @param index its place in the list of files
   * @param message what is wrong with it
   */
  public record Problem(int index, String message) {}

  /**
   * {@return the values (B, 3, H, W), in a direct buffer from its beginning to its limit; valid
   * until the next batch is asked for}
   */
  public FloatBuffer pixels() {
    return pixels;
  }

  /** {@return how many images there are, none if no file could be used} */
  public int images() {
    return indices.length;
  }

  /**
   * {@return the place of an image in the list of files}
   *
   * @param image its place in this batch
   */
  public int index(int image) {
    return indices[image];
  }

  /** {@return how many files are behind us after this batch} */
  public int end() {
    return end;
  }

  /** {@return the files of this batch that could not be used, in order} */
  public List<Problem> problems() {
    return problems;
  }

  @Override
  public String toString() {
    return "PixelBatch" + Arrays.toString(indices);
  }
}
