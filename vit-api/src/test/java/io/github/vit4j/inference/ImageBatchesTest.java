package io.github.vit4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ImageBatchesTest {

  private static final EvalTransform TRANSFORM = EvalTransform.ofSize(16);

  @TempDir Path folder;
  private final List<Path> files = new ArrayList<>();

  @BeforeEach
  void makeImages() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 11; i++) {
      byte[] rgb = new byte[3 * 20 * 30];
      random.nextBytes(rgb);
      Path file = folder.resolve(i + ".png");
      ImageIO.write(RgbImage.of(20, 30, rgb).toBufferedImage(), "png", file.toFile());
      files.add(file);
    }
  }

  private float[] alone(int file) {
    return TRANSFORM.apply(new ImageDecoder().decode(files.get(file)));
  }

  private static float[] values(PixelBatch batch, int image) {
    float[] values = new float[TRANSFORM.floats()];
    batch.pixels().get(image * values.length, values);
    return values;
  }

  @Test
  void batchesHoldTheFilesInOrderWhateverTheThreads() {
    for (int threads : new int[] {1, 5}) {
      int file = 0;
      try (ImageBatches batches = new ImageBatches(files, TRANSFORM, 4, threads)) {
        while (batches.hasNext()) {
          PixelBatch batch = batches.next();
          assertThat(batch.pixels().isDirect()).isTrue();
          assertThat(batch.pixels().remaining()).isEqualTo(batch.images() * TRANSFORM.floats());
          for (int i = 0; i < batch.images(); i++, file++) {
            assertThat(batch.index(i)).isEqualTo(file);
            assertThat(values(batch, i)).isEqualTo(alone(file));
          }
          assertThat(batch.end()).isEqualTo(file);
        }
        assertThat(file).isEqualTo(11);
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
      }
    }
  }

  @Test
  void aBrokenFileLeavesNoGap() throws IOException {
    Files.writeString(files.get(1), "no image");
    for (int i = 4; i < 8; i++) {
      Files.delete(files.get(i));
    }
    try (ImageBatches batches = new ImageBatches(files, TRANSFORM, 4, 2)) {
      PixelBatch first = batches.next();
      assertThat(first.images()).isEqualTo(3);
      assertThat(first.problems()).extracting(PixelBatch.Problem::index).containsExactly(1);
      assertThat(first.problems().get(0).message()).contains("1.png");
      assertThat(values(first, 1)).isEqualTo(alone(2));
      assertThat(values(first, 2)).isEqualTo(alone(3));
      PixelBatch none = batches.next();
      assertThat(none.images()).isZero();
      assertThat(none.problems()).hasSize(4);
      assertThat(values(batches.next(), 0)).isEqualTo(alone(8));
    }
  }

  /** Takes long enough to decode that it is still to come when it is asked for. */
  private Path slow(String name) throws IOException {
    BufferedImage image = new BufferedImage(4000, 4000, BufferedImage.TYPE_INT_RGB);
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void aCallerWhoIsInterruptedLosesNoBatch() throws IOException {
    files.set(0, slow("slow.png"));
    try (ImageBatches batches = new ImageBatches(files, TRANSFORM, 2, 1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      for (int first = 0; first < 11; first += 2) {
        PixelBatch batch = batches.next();
        assertThat(batch.index(0)).isEqualTo(first);
        assertThat(batch.problems()).isEmpty();
      }
      assertThat(batches.hasNext()).isFalse();
    }
  }

  @Test
  void closingLetsGoWhoWaitsForABatch() throws Exception {
    Path slow = slow("slow.png");
    ImageBatches batches = new ImageBatches(List.of(slow, slow, slow), TRANSFORM, 3, 1);
    CompletableFuture<PixelBatch> waiting = CompletableFuture.supplyAsync(batches::next);
    batches.close();

    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .hasMessageContaining("the image batches are closed");
    assertThatThrownBy(batches::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new ImageBatches(List.of(), TRANSFORM, 4, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no image");
    assertThatThrownBy(() -> new ImageBatches(files, TRANSFORM, 0, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a batch cannot have 0 images");
    assertThatThrownBy(() -> new ImageBatches(files, TRANSFORM, 1, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("decoding threads");
  }
}
