package io.github.vit4j.finetune.pretrain;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.Resize;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import java.nio.file.Path;

/**
 * BEiT's tokens: those of DALL-E's discrete VAE (Ramesh et al. 2021), or of one of the same
 * architecture that was trained anew.
 *
 * <p>The published {@code encoder.pkl} of openai/DALL-E, a PyTorch state dictionary or safetensors
 * with its names are read. The tokenizer makes one token of 8 x 8 pixels, so images are resized
 * until it has as many tokens as the model has patches: to 112 pixels for a model of 224 with
 * patches of 16, as in BEiT. They are resized from the model's own pixels by Pillow's Lanczos
 * filter; BEiT's code cuts the same part out of the original once more and resizes that.
 *
 * <p>It owns the encoder's weights.
 */
public final class DalleTarget implements TokenTarget, AutoCloseable {

  /** The first layers of the published encoder hold 822 MB of 64 images of 112 pixels. */
  private static final int PIXELS_AT_ONCE = 8 * 112 * 112;

  private final NDManager manager;
  private final DalleEncoder encoder;
  private final int imageSize;

  private DalleTarget(NDManager manager, DalleEncoder encoder, int imageSize) {
    this.manager = manager;
    this.encoder = encoder;
    this.imageSize = imageSize;
  }

  /**
   * Opens an encoder on the CPU, for images of whatever size gives a token for each patch.
   *
   * @param file its weights
   * @return the target, which the caller closes
   * @throws BadInputException if the file is broken or something else
   */
  public static DalleTarget open(Path file) {
    return open(file, Device.cpu(), 0);
  }

  /**
   * Opens an encoder.
   *
   * @param file its weights
   * @param device that of the model
   * @param imageSize side of the images that it gets, in pixels; 0 for whatever gives a token for
   *     each patch. With another size the target refuses models whose patch grid is not its own
   * @return the target, which the caller closes
   * @throws BadInputException if the file is broken or something else
   */
  public static DalleTarget open(Path file, Device device, int imageSize) {
    if (imageSize < 0 || imageSize % DalleEncoder.STRIDE != 0) {
      throw new BadInputException(
          "the tokenizer cannot read images of %d pixels; give a multiple of %d"
              .formatted(imageSize, DalleEncoder.STRIDE));
    }
    NDManager manager = NDManager.newBaseManager(device, "PyTorch");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      return new DalleTarget(manager, new DalleEncoder(checkpoint, manager), imageSize);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public int vocabulary() {
    return encoder.vocabulary();
  }

  @Override
  public void requireFit(PatchView view) {
    int side = imageSize / DalleEncoder.STRIDE;
    if (imageSize > 0 && (side != view.rows() || side != view.columns())) {
      throw new BadInputException(
          "the tokenizer makes %d x %d tokens of images of %d pixels, but the model has %d x %d patches; give it images of %d x %d pixels"
              .formatted(
                  side,
                  side,
                  imageSize,
                  view.rows(),
                  view.columns(),
                  view.rows() * DalleEncoder.STRIDE,
                  view.columns() * DalleEncoder.STRIDE));
    }
  }

  @Override
  public long[] tokens(PatchImages images) {
    PatchView view = images.view();
    requireFit(view);
    int height = view.rows() * DalleEncoder.STRIDE;
    int width = view.columns() * DalleEncoder.STRIDE;
    int atOnce = Math.max(1, PIXELS_AT_ONCE / (height * width));
    long[] tokens = new long[images.count() * view.patches()];
    try (NDManager scope = images.pixels().getManager().newSubManager()) {
      NDArray colours = images.colours();
      colours.attach(scope);
      float[] resized = resized(colours, height, width);
      int values = 3 * height * width;
      for (int from = 0; from < images.count(); from += atOnce) {
        int count = Math.min(atOnce, images.count() - from);
        try (NDManager portion = scope.newSubManager()) {
          float[] some = new float[count * values];
          System.arraycopy(resized, from * values, some, 0, some.length);
          NDArray pixels = portion.create(some, new Shape(count, 3, height, width));
          long[] found = encoder.logits(DalleEncoder.mapped(pixels)).argMax(1).toLongArray();
          System.arraycopy(found, 0, tokens, from * view.patches(), found.length);
        }
      }
    }
    return tokens;
  }

  private static float[] resized(NDArray colours, int height, int width) {
    Shape shape = colours.getShape();
    int count = Math.toIntExact(shape.get(0));
    int fromHeight = Math.toIntExact(shape.get(2));
    int fromWidth = Math.toIntExact(shape.get(3));
    NDArray bytes =
        colours
            .mul(255)
            .round()
            .clip(0, 255)
            .transpose(0, 2, 3, 1) // (B, H, W, 3)
            .toType(DataType.UINT8, false);
    byte[] all = bytes.toByteArray();
    int size = 3 * fromHeight * fromWidth;
    float[] out = new float[count * 3 * height * width];
    int to = 0;
    for (int i = 0; i < count; i++) {
      byte[] one = new byte[size];
      System.arraycopy(all, i * size, one, 0, size);
      RgbImage image =
          Resize.to(RgbImage.of(fromWidth, fromHeight, one), width, height, Resampling.LANCZOS);
      byte[] rgb = image.pixels();
      for (int channel = 0; channel < 3; channel++) {
        for (int p = channel; p < rgb.length; p += 3) {
          out[to++] = (rgb[p] & 0xff) / 255f;
        }
      }
    }
    return out;
  }

  @Override
  public String identity() {
    return "DALL-E encoder of %d tokens, checksum %s, images of %s"
        .formatted(
            encoder.vocabulary(),
            encoder.checksum(),
            imageSize == 0 ? "8 pixels a patch" : imageSize + " pixels");
  }

  @Override
  public void close() {
    manager.close();
  }
}
