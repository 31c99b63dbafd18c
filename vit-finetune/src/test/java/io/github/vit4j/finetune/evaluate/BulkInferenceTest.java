package io.github.vit4j.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class BulkInferenceTest {

  @TempDir Path folder;
  @TempDir Path imageFolder;
  private ViTModel model;
  private List<Path> files;

  @BeforeEach
  void open() throws IOException {
    model = TinyModel.make(folder, TinyModel.CLASSES);
    files = TinyModel.images(imageFolder, 23);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private float[] alone(Path file) {
    return model.logits(List.of(new ImageDecoder().decode(file)))[0];
  }

  private static int extreme(float[] row, boolean largest) {
    int at = 0;
    for (int i = 1; i < row.length; i++) {
      if (largest ? row[i] > row[at] : row[i] < row[at]) {
        at = i;
      }
    }
    return at;
  }

  @Test
  void countsWhatWasMadeRightAndWrong() {
    // every third image gets the least likely of seven classes, which is not among the first five
    List<LabelledFile> labelled = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      int label = extreme(alone(files.get(i)), i % 3 != 0);
      labelled.add(new LabelledFile(files.get(i), i % 2 == 0 ? "N0" + label : "thing " + label));
    }
    Evaluation found =
        new Evaluator(new BulkInference(model).withBatch(4)).evaluate(new LabelledFiles(labelled));
    assertThat(found.accuracy()).isEqualTo(new Accuracy(23, 15, 15));
    assertThat(found.unreadable()).isEmpty();
    assertThat(found.imagesPerSecond()).isPositive();
  }

  @Test
  void classesMayAgreeByTheirOrderAlone() {
    List<String> other = List.of("a", "b", "c", "d", "e", "f", "g");
    List<LabelledFile> labelled = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      String label = other.get(extreme(alone(files.get(i)), i % 3 != 0));
      labelled.add(new LabelledFile(files.get(i), label));
    }
    FileImages images = FileImages.of(new LabelledFiles(labelled), other);
    assertThat(new Evaluator(model).evaluate(images).accuracy())
        .isEqualTo(new Accuracy(23, 15, 15));
    FileImages fewer = FileImages.of(new LabelledFiles(labelled.subList(0, 2)));
    assertThatThrownBy(() -> new Evaluator(model).evaluate(fewer))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the model knows 7 classes");
  }

  @Test
  void rowsAreThoseOfEachImageAloneWhateverTheThreadsAndBatches() {
    for (int batch : new int[] {1, 4, 64}) {
      List<float[]> one = rows(new BulkInference(model).withBatch(batch).withThreads(1));
      List<float[]> many = rows(new BulkInference(model).withBatch(batch).withThreads(7));
      assertThat(one).hasSize(23);
      for (int i = 0; i < 23; i++) {
        assertThat(many.get(i)).as("image %d", i).isEqualTo(one.get(i));
        assertThat(one.get(i)).containsExactly(alone(files.get(i)), within(1e-5f));
      }
    }
  }

  private List<float[]> rows(BulkInference inference) {
    List<float[]> rows = new ArrayList<>();
    inference.logits(
        files,
        (row, i) -> {
          assertThat(i).isEqualTo(rows.size());
          rows.add(row);
        });
    return rows;
  }

  @Test
  void brokenFilesAreReportedAndTheRestIsDone() throws IOException {
    Files.write(files.get(0), new byte[0]);
    Files.writeString(files.get(9), "not an image");
    Files.delete(files.get(22));
    List<Integer> seen = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    List<UnreadableImage> unreadable =
        new BulkInference(model)
            .withBatch(8)
            .withProgress((done, total) -> steps.add(done))
            .logits(files, (row, i) -> seen.add(i));
    assertThat(unreadable)
        .extracting(UnreadableImage::file)
        .containsExactly(files.get(0), files.get(9), files.get(22));
    assertThat(unreadable).allSatisfy(bad -> assertThat(bad.problem()).contains(".png"));
    assertThat(seen).hasSize(20).doesNotContain(0, 9, 22);
    assertThat(steps).isSorted().endsWith(23);
  }

  @Test
  void nothingIsLeftBehind() {
    int before = model.djlModel().getNDManager().getManagedArrays().size();
    for (int i = 0; i < 3; i++) {
      rows(new BulkInference(model).withBatch(4).withThreads(3));
    }
    assertThat(model.djlModel().getNDManager().getManagedArrays()).hasSize(before);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("vit4j-decoder");
  }

  @Test
  void aFailureInTheReceiverEndsTheRun() {
    assertThatThrownBy(
            () ->
                new BulkInference(model)
                    .logits(
                        files,
                        (row, i) -> {
                          throw new IllegalStateException("enough");
                        }))
        .hasMessage("enough");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("vit4j-decoder");
  }

  @Test
  void embeddingsAreStoredAsCsvAndAsATensor() throws IOException {
    Embeddings embeddings = new BulkInference(model).embed(files);
    assertThat(embeddings.width()).isEqualTo(16);
    assertThat(embeddings.rows().get(3)).containsExactly(model.embed(files.get(3)), within(1e-5f));

    Path csv = folder.resolve("e.csv");
    embeddings.save(csv);
    embeddings.save(csv); // replaces
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(24);
    assertThat(lines.get(0)).startsWith("file,f0,f1,").endsWith(",f15");
    String[] cells = lines.get(4).split(",");
    assertThat(cells[0]).isEqualTo(files.get(3).toString());
    assertThat(Float.parseFloat(cells[1])).isEqualTo(embeddings.rows().get(3)[0]);

    Path tensors = folder.resolve("e.safetensors");
    embeddings.save(tensors);
    try (Checkpoint stored = SafeTensors.open(tensors)) {
      assertThat(stored.info(Embeddings.TENSOR).shape()).containsExactly(23L, 16L);
      assertThat(stored.floats(Embeddings.TENSOR)[3 * 16]).isEqualTo(embeddings.rows().get(3)[0]);
      assertThat(stored.metadata().get(Embeddings.FILES)).contains("003.png");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void namesWithCommasAreQuoted() throws IOException {
    Path csv = folder.resolve("e.csv");
    new Embeddings(List.of(Path.of("a,\"b\".png")), List.of(new float[] {1.5f, -0.1f}), List.of())
        .save(csv);
    assertThat(Files.readString(csv)).isEqualTo("file,f0,f1\n\"a,\"\"b\"\".png\",1.5,-0.1\n");
  }

  @Test
  void refusesLabelsThatTheModelDoesNotKnow() {
    LabelledFiles data =
        new LabelledFiles(
            List.of(
                new LabelledFile(files.get(0), "n01"),
                new LabelledFile(files.get(1), "zebra"),
                new LabelledFile(files.get(2), "zebra"),
                new LabelledFile(files.get(3), "yak")));
    assertThatThrownBy(() -> new Evaluator(model).evaluate(data))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 of 3 labels (3 of 4 images)")
        .hasMessageContaining("yak, zebra")
        .hasMessageContaining("n00 (Thing 0)");
  }

  @Test
  void refusesWhatCannotBeRun() throws IOException {
    BulkInference inference = new BulkInference(model);
    assertThatThrownBy(() -> inference.embed(List.of())).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> inference.withBatch(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> inference.withThreads(0)).isInstanceOf(BadInputException.class);
    Path other = Files.createDirectory(folder.resolve("headless"));
    try (ViTModel headless = TinyModel.make(other, 0)) {
      assertThatThrownBy(() -> new BulkInference(headless).logits(files, (row, i) -> {}))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no head");
      assertThat(new BulkInference(headless).embed(files).width()).isEqualTo(16);
    }
    Embeddings embeddings = inference.embed(files);
    assertThatThrownBy(() -> embeddings.save(folder.resolve("e.txt")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(".csv");
    assertThatThrownBy(() -> embeddings.save(folder.resolve("no/e.csv")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
  }
}
