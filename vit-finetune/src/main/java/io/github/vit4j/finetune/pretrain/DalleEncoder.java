package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The encoder of DALL-E's discrete VAE ({@code dall_e/encoder.py} in openai/DALL-E): a 7 x 7
 * convolution, four groups of bottleneck blocks of three 3 x 3 and one 1 x 1 convolutions, a
 * maximum over 2 x 2 pixels between two groups, and a 1 x 1 convolution to the logits of the
 * tokens. How many blocks a group has, and how wide they are, follows from the weights.
 */
final class DalleEncoder {

  static final int STRIDE = 8;

  private static final int GROUPS = 4;
  private static final int MOST_BLOCKS = 64;
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape NONE = new Shape(0, 0);

  private final Map<String, NDArray> weights = new HashMap<>();
  private final int blocks;
  private final int vocabulary;
  private final String checksum;

  /** Reads the weights into a manager. */
  DalleEncoder(Checkpoint file, NDManager manager) {
    int count = 0;
    while (count < MOST_BLOCKS && file.find(name(1, count + 1) + "res_path.conv_1.w").isPresent()) {
      count++;
    }
    if (count == 0) {
      throw new BadInputException(
          "%s has no encoder of DALL-E's discrete VAE, but %s; give its encoder.pkl, or a file with tensors such as blocks.group_1.block_1.res_path.conv_1.w"
              .formatted(
                  file.source(), file.tensors().stream().limit(3).map(TensorInfo::name).toList()));
    }
    blocks = count;
    CRC32C sum = new CRC32C();
    long width = convolution(file, manager, sum, "blocks.input.", 3, 0, 7);
    for (int group = 1; group <= GROUPS; group++) {
      for (int block = 1; block <= blocks; block++) {
        width = block(file, manager, sum, name(group, block), width);
      }
    }
    vocabulary =
        Math.toIntExact(convolution(file, manager, sum, "blocks.output.conv.", width, 0, 1));
    checksum = "%08x".formatted(sum.getValue());
  }

  private static String name(int group, int block) {
    return "blocks.group_%d.block_%d.".formatted(group, block);
  }

  private long block(Checkpoint file, NDManager manager, CRC32C sum, String name, long in) {
    String path = name + "res_path.conv_";
    long hidden = convolution(file, manager, sum, path + "1.", in, 0, 3);
    convolution(file, manager, sum, path + "2.", hidden, hidden, 3);
    convolution(file, manager, sum, path + "3.", hidden, hidden, 3);
    long out = convolution(file, manager, sum, path + "4.", hidden, 0, 1);
    if (file.find(name + "id_path.w").isPresent()) {
      convolution(file, manager, sum, name + "id_path.", in, out, 1);
    } else if (in != out) {
      throw new BadInputException(
          "%s has no %sid_path.w, which leads from %d to %d channels; the file is incomplete"
              .formatted(file.source(), name, in, out));
    }
    return out;
  }

  /** Reads one convolution, and says how many channels leave it; 0 for an output of any width. */
  private long convolution(
      Checkpoint file, NDManager manager, CRC32C sum, String name, long in, long out, long kernel) {
    List<Long> shape = file.info(name + "w").shape();
    long found = shape.isEmpty() ? 0 : shape.get(0);
    boolean fits =
        found >= 1
            && found <= Codebook.LARGEST
            && (out == 0 || out == found)
            && shape.equals(List.of(found, in, kernel, kernel))
            && file.info(name + "b").shape().equals(List.of(found));
    if (!fits) {
      throw new BadInputException(
          "%s: %sw has shape %s and %sb %s, but a convolution of %d channels with a kernel of %d is needed there; this is no encoder of DALL-E's discrete VAE"
              .formatted(
                  file.source(), name, shape, name, file.info(name + "b").shape(), in, kernel));
    }
    for (String part : new String[] {"w", "b"}) {
      sum.update(file.bytes(name + part));
      weights.put(name + part, PatchImages.own(file.array(name + part, manager)));
    }
    return found;
  }

  int vocabulary() {
    return vocabulary;
  }

  String checksum() {
    return checksum;
  }

  /**
   * The logits of the tokens, (B, 3, H, W) -> (B, vocabulary, H / 8, W / 8).
   *
   * @param images as {@link #mapped} gives them
   */
  NDArray logits(NDArray images) {
    NDArray x = convolved(images, "blocks.input.");
    for (int group = 1; group <= GROUPS; group++) {
      for (int block = 1; block <= blocks; block++) {
        NDArray y = bottleneck(x, name(group, block));
        x.close();
        x = y;
      }
      if (group < GROUPS) {
        NDArray y = x.getNDArrayInternal().maxPool(TWO, TWO, NONE, false);
        x.close();
        x = y;
      }
    }
    return convolved(relu(x), "blocks.output.conv.");
  }

  private NDArray bottleneck(NDArray x, String name) {
    try (NDManager scope = x.getManager().newSubManager()) {
      NDManager owner = x.getManager();
      NDArray y = x.reshape(x.getShape());
      y.attach(scope);
      for (int i = 1; i <= 4; i++) {
        y = convolved(relu(y), name + "res_path.conv_" + i + ".");
      }
      float gain = 1f / (GROUPS * blocks * GROUPS * blocks);
      NDArray identity = x;
      if (weights.containsKey(name + "id_path.w")) {
        identity = convolved(x, name + "id_path.");
        identity.attach(scope);
      }
      NDArray sum = y.mul(gain).add(identity);
      sum.attach(owner);
      return sum;
    }
  }

  private static NDArray relu(NDArray x) {
    return x.getNDArrayInternal().relu();
  }

  private NDArray convolved(NDArray x, String name) {
    NDArray weight = weight(name + "w");
    long padding = (weight.getShape().get(2) - 1) / 2;
    return x.getNDArrayInternal()
        .convolution(x, weight, weight(name + "b"), ONE, new Shape(padding, padding), ONE, 1)
        .singletonOrThrow();
  }

  private NDArray weight(String name) {
    return Optional.ofNullable(weights.get(name)).orElseThrow();
  }

  /** Colours from 0 to 1 as the encoder wants them: away from both ends, for its logit-Laplace. */
  static NDArray mapped(NDArray colours) {
    return colours.mul(1 - 2 * LOGIT_LAPLACE_EPS).add(LOGIT_LAPLACE_EPS);
  }

  private static final float LOGIT_LAPLACE_EPS = 0.1f;
}
