package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.evaluate.Progress;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges a frozen model by how well a classifier on its features does with a few labels a class:
 * the few-shot protocol of <a href="https://arxiv.org/abs/2106.04560">Scaling Vision
 * Transformers</a> (Zhai et al. 2022, appendix D) as big_vision has it.
 *
 * <pre>{@code
 * FewShotResult found =
 *     FewShot.of(vit).data(DataSets.open(Path.of("flowers-102"))).shots(1, 5, 10).run();
 * System.out.println(found.table());
 * }</pre>
 *
 * <p>The features are what the head reads ({@link ViTModel#embed}), from images prepared as the
 * model's own preprocessing says. They are standardised by mean and population deviation (+ 1e-5)
 * of the training images shown; a constant feature of 100 is appended; targets are -1 and +1; ridge
 * regression with l2 = 1024 is solved in closed form, in float64; the class of the highest score is
 * the answer. Of each class the first k images of a permutation are shown; each draw is another
 * permutation.
 *
 * <p>It does not own the model.
 */
public final class FewShot {

  /** As a number of shots: all training images there are, in one draw. */
  public static final int ALL = Integer.MAX_VALUE;

  /** The protocol's shots. */
  public static final List<Integer> DEFAULT_SHOTS = List.of(1, 5, 10, 25);

  /** The protocol's number of draws. */
  public static final int DEFAULT_SEEDS = 3;

  private final ViTModel model;
  private @Nullable DataSplits data;
  private List<Integer> shots = List.of();
  private int seeds = DEFAULT_SEEDS;
  private double l2 = RidgeClassifier.DEFAULT_L2;
  private int neighbours;
  private double temperature = NearestNeighbours.DEFAULT_TEMPERATURE;
  private int batch = ViTModel.DEFAULT_BATCH;
  private int threads = Runtime.getRuntime().availableProcessors();
  private boolean skipUnreadable;
  private @Nullable Path cache;
  private Progress progress = Progress.NONE;

  private FewShot(ViTModel model) {
    this.model = model;
  }

  /**
   * {@return an evaluation of a model, to be told its data}
   *
   * @param model stays open until the run has ended
   */
  public static FewShot of(ViTModel model) {
    return new FewShot(model);
  }

  /**
   * Says what to learn from and what to measure on.
   *
   * @param splits of at least two classes; their names need not be those of the model
   * @return this
   */
  public FewShot data(DataSplits splits) {
    data = splits;
    return this;
  }

  /**
   * Chooses how many training images a class are shown.
   *
   * @param shots each at least 1, or {@link #ALL}; by default those of {@link #DEFAULT_SHOTS} that
   *     every class has images for
   * @return this
   * @throws BadInputException if there is none, or one is below 1
   */
  public FewShot shots(int... shots) {
    if (shots.length == 0 || Arrays.stream(shots).anyMatch(k -> k < 1)) {
      throw new BadInputException(
          "%s cannot be the shots; give numbers of training images a class, each at least 1"
              .formatted(Arrays.toString(shots)));
    }
    this.shots = Arrays.stream(shots).sorted().distinct().boxed().toList();
    return this;
  }

  /**
   * Chooses how often training images are drawn.
   *
   * @param draws 1 to 1000; default {@value #DEFAULT_SEEDS}. Their seeds are 0, 1, 2, ...
   * @return this
   * @throws BadInputException if out of range
   */
  public FewShot seeds(int draws) {
    seeds = inRange("draws", draws, 1000);
    return this;
  }

  /**
   * Chooses the strength of the regularisation.
   *
   * @param strength above 0; default 1024, the protocol's
   * @return this
   * @throws BadInputException if it is not above 0, or infinite
   */
  public FewShot l2(double strength) {
    if (!(strength > 0 && strength < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "l2 cannot be %s; give a number above 0, such as 1024".formatted(strength));
    }
    l2 = strength;
    return this;
  }

  /**
   * Measures nearest neighbours too, as DINO (Caron et al. 2021) does: the 20 of highest cosine
   * similarity s vote with weight exp(s / 0.07). With shots of {@link #ALL} it is DINO's
   * evaluation.
   *
   * @return this
   */
  public FewShot nearestNeighbours() {
    return nearestNeighbours(
        NearestNeighbours.DEFAULT_NEIGHBOURS, NearestNeighbours.DEFAULT_TEMPERATURE);
  }

  /**
   * Measures nearest neighbours too.
   *
   * @param count how many vote, at least 1; fewer if there are fewer training images
   * @param temperature above 0: lower ones give the nearest more weight
   * @return this
   * @throws BadInputException if a number is out of its range
   */
  public FewShot nearestNeighbours(int count, double temperature) {
    if (!(temperature >= 1e-3 && temperature < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "the temperature cannot be %s; give a number of at least 0.001, such as 0.07"
              .formatted(temperature));
    }
    neighbours = inRange("neighbours", count, 1 << 20);
    this.temperature = temperature;
    return this;
  }

  /**
   * Chooses how many images the model sees at once.
   *
   * @param images 1 to 65536; default 32
   * @return this
   * @throws BadInputException if out of range
   */
  public FewShot batch(int images) {
    batch = inRange("images a batch", images, 65_536);
    return this;
  }

  /**
   * Chooses how many threads prepare images.
   *
   * @param count 1 to 1024; default one a processor; the results are the same with any
   * @return this
   * @throws BadInputException if out of range
   */
  public FewShot threads(int count) {
    threads = inRange("threads", count, 1024);
    return this;
  }

  /**
   * Leaves images out that cannot be read, instead of refusing the data set; a note of the result
   * says how many.
   *
   * @param skip default false
   * @return this
   */
  public FewShot skipUnreadable(boolean skip) {
    skipUnreadable = skip;
    return this;
  }

  /**
   * Keeps features in a folder, and takes them from there when weights, architecture,
   * preprocessing, and names, labels and stamps of the images ({@link ImageDataset#stamp}) are the
   * same. What is broken there is computed anew. Features of a compiled model are not kept.
   *
   * @param folder made if it is missing; its files may be deleted at any time
   * @return this
   */
  public FewShot cache(Path folder) {
    cache = folder;
    return this;
  }

  /**
   * Names a listener.
   *
   * @param progress hears of every batch of images; of nothing if all features were kept
   * @return this
   */
  public FewShot progress(Progress progress) {
    this.progress = progress;
    return this;
  }

  private static int inRange(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new BadInputException(
          "there cannot be %d %s; give 1 to %d".formatted(value, what, most));
    }
    return value;
  }

  /**
   * {@return what was found}
   *
   * <p>Of the training images only those are run that some draw shows. If all features are the same
   * for every image, accuracy is that of guessing the first class, and a note says so.
   *
   * @throws BadInputException if data is missing, has a single class, or a class with fewer images
   *     than shots; if an image cannot be read; or if the model gives features that are no finite
   *     numbers
   */
  public FewShotResult run() {
    if (data == null) {
      throw new BadInputException("there are no images to judge by; name them by data(...)");
    }
    Shots draws = new Shots(data.train());
    List<String> notes = new ArrayList<>();
    List<Integer> chosen = chosen(draws, notes);
    ImageDataset train = data.train();
    int[] needed = draws.needed(chosen.get(chosen.size() - 1), seeds);
    ImageDataset shown = needed.length == train.size() ? train : train.subset(needed);
    ImageDataset test = data.validation();

    int total = Math.addExact(shown.size(), test.size());
    if (cache != null && model.isCompiled()) {
      notes.add(
          "features of a compiled model are not kept: what it was compiled from may have changed");
    }
    @Nullable FeatureCache kept =
        cache == null || model.isCompiled() ? null : new FeatureCache(cache);
    String print = kept == null ? "" : FeatureFingerprint.of(model);
    Extracted ofShown = extracted(kept, shown, print, (done, of) -> progress.at(done, total));
    Extracted ofTest =
        extracted(kept, test, print, (done, of) -> progress.at(shown.size() + done, total));
    noteMissing(notes, ofShown.missing(shown), "training");
    noteMissing(notes, ofTest.missing(test), "test");

    int[] indices = Arrays.stream(ofShown.indices()).map(i -> needed[i]).toArray();
    Extracted inTrain = new Extracted(ofShown.rows(), indices);
    return new Protocol(seeds, l2, neighbours, temperature)
        .run(draws, chosen, inTrain, train, ofTest.features(test), notes);
  }

  private List<Integer> chosen(Shots draws, List<String> notes) {
    if (!shots.isEmpty()) {
      shots.forEach(draws::require);
      return shots;
    }
    draws.require(DEFAULT_SHOTS.get(0));
    List<Integer> possible =
        DEFAULT_SHOTS.stream().filter(k -> k <= draws.smallestClass()).toList();
    if (possible.size() < DEFAULT_SHOTS.size()) {
      notes.add(
          "shots end at %d, because the smallest class has %d training images"
              .formatted(possible.get(possible.size() - 1), draws.smallestClass()));
    }
    return possible;
  }

  private Extracted extracted(
      @Nullable FeatureCache kept, ImageDataset images, String ofModel, Progress heard) {
    FeatureExtractor extractor = new FeatureExtractor(model, batch, threads, skipUnreadable);
    if (kept == null) {
      return extractor.extract(images, heard);
    }
    String ofImages = FeatureFingerprint.of(images);
    Optional<Extracted> found = kept.find(ofModel, images, ofImages);
    if (found.isPresent() && (skipUnreadable || found.get().rows().length == images.size())) {
      return found.get();
    }
    Extracted fresh = extractor.extract(images, heard);
    kept.keep(ofModel, ofImages, fresh);
    return fresh;
  }

  private static void noteMissing(List<String> notes, List<String> missing, String which) {
    if (!missing.isEmpty()) {
      notes.add(
          "%d %s images could not be read and were left out, the first is %s"
              .formatted(missing.size(), which, missing.get(0)));
    }
  }
}
