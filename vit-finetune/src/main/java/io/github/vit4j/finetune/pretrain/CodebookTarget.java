package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import java.util.Optional;

/** Tokens from a codebook that was made of one's own images. */
public final class CodebookTarget implements TokenTarget {

  private static final int ROWS = 4096;

  private final Codebook codebook;
  private final PatchVectors vectors;

  /**
   * Takes a codebook of pixels.
   *
   * @param codebook made of {@link PixelVectors}
   * @throws BadInputException if it was made of something else
   */
  public CodebookTarget(Codebook codebook) {
    this(codebook, new PixelVectors(codebook.patchSize()));
  }

  /**
   * Takes any codebook.
   *
   * @param codebook the entries
   * @param vectors as it was made with
   * @throws BadInputException if it was made with others
   */
  public CodebookTarget(Codebook codebook, PatchVectors vectors) {
    if (!codebook.vectors().equals(vectors.identity()) || codebook.width() != vectors.width()) {
      throw new BadInputException(
          "the codebook was made of %s, but here are %s; give the same (--feature-model for those of a model), or make it anew"
              .formatted(codebook.vectors(), vectors.identity()));
    }
    this.codebook = codebook;
    this.vectors = vectors;
  }

  @Override
  public int vocabulary() {
    return codebook.size();
  }

  @Override
  public void requireFit(PatchView view) {
    if (view.patchSize() != codebook.patchSize()) {
      int height = view.rows() * view.patchSize();
      int width = view.columns() * view.patchSize();
      throw new BadInputException(
          "the codebook's patches are of %d pixels, so that an image of %d x %d has %d x %d tokens, but the model has %d x %d patches of %d pixels; make a codebook with --patch-size %d"
              .formatted(
                  codebook.patchSize(),
                  height,
                  width,
                  height / codebook.patchSize(),
                  width / codebook.patchSize(),
                  view.rows(),
                  view.columns(),
                  view.patchSize(),
                  view.patchSize()));
    }
  }

  @Override
  public long[] tokens(PatchImages images) {
    try (NDManager scope = images.pixels().getManager().newSubManager()) {
      NDArray rows = vectors.of(images);
      rows.attach(scope);
      Shape shape = new Shape(codebook.size(), codebook.width());
      NDArray centres = scope.create(codebook.centres(), shape);
      NDArray squares = PatchImages.squares(centres);
      int count = Math.toIntExact(rows.getShape().get(0));
      long[] tokens = new long[count];
      for (int from = 0; from < count; from += ROWS) {
        int to = Math.min(count, from + ROWS);
        NDArray some = rows.get("{}:{}", from, to);
        long[] found = PatchImages.nearest(some, centres, squares);
        System.arraycopy(found, 0, tokens, from, found.length);
        some.close();
      }
      return tokens;
    }
  }

  @Override
  public Optional<NDArray> paint(PatchImages images, long[] hidden, NDArray predicted) {
    NDManager manager = predicted.getManager();
    int values = images.view().values();
    NDArray colours = manager.create(codebook.colours(), new Shape(codebook.size(), values));
    return Optional.of(PatchImages.rows(colours, predicted.argMax(1).toLongArray()));
  }

  @Override
  public String identity() {
    return "codebook of %d of %s, checksum %s"
        .formatted(codebook.size(), codebook.vectors(), codebook.checksum());
  }
}
