package io.github.vit4j.finetune.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checksums of a model's weights: enough to recognise the model, and to tell which weights of
 * another differ from it, without keeping a copy. Take it before training changes the weights.
 *
 * <p>Weights count as float32, so the same values give the same checksum whatever file and format
 * they came from. Another image size (its position embedding is resampled) or a missing head give
 * another one.
 */
public final class BaseDigest {

  private final String name;
  private final ViTConfig config;
  private final Map<String, byte[]> parameters = new TreeMap<>();
  private final String sha256;

  private BaseDigest(String name, VisionTransformer network) {
    this.name = name;
    config = network.config();
    for (ViTParameter p : network.namedParameters()) {
      parameters.put(p.path(), digest(p));
    }
    MessageDigest all = newDigest();
    parameters.values().forEach(all::update); // in the order of the paths
    sha256 = HexFormat.of().formatHex(all.digest());
  }

  /**
   * {@return the checksums of a model, under its DJL name; a path is cut to its last part}
   *
   * @param base a model, which is read once from end to end
   */
  public static BaseDigest of(ViTModel base) {
    String name = base.djlModel().getName();
    File path = new File(name);
    return of(base.network(), path.exists() ? path.getName() : name);
  }

  /**
   * {@return the checksums of a network}
   *
   * @param network has values, which are read once
   * @param name what people call the model; task files carry it for messages
   * @throws BadInputException if the network has no values
   */
  public static BaseDigest of(VisionTransformer network, String name) {
    if (!network.isInitialized()) {
      throw new BadInputException(
          "'%s' has no weights to build a checksum of; initialize or load it first"
              .formatted(name));
    }
    return new BaseDigest(name, network);
  }

  /** {@return what people call the model} */
  public String name() {
    return name;
  }

  /**
   * {@return the checksum of all weights, 64 hexadecimal digits}
   *
   * <p>It is the SHA-256 of the parameters' checksums in the order of their paths; a parameter's is
   * the SHA-256 of the text {@code PATH F32 [SIZES]} and a line feed, then the values as
   * little-endian float32.
   */
  public String sha256() {
    return sha256;
  }

  ViTConfig config() {
    return config;
  }

  /** Whether the model holds the very same numbers, bit by bit, under the same path and shape. */
  boolean holds(ViTParameter p) {
    byte[] own = parameters.get(p.path());
    return own != null && Arrays.equals(own, digest(p));
  }

  private static byte[] digest(ViTParameter p) {
    MessageDigest digest = newDigest();
    String title = p.path() + " F32 " + Arrays.toString(p.shape().getShape()) + "\n";
    digest.update(title.getBytes(StandardCharsets.UTF_8));
    // a base may be the larger part of the memory: read where it lies, without a copy
    try (NDManager scope = p.array().getManager().newSubManager()) {
      NDArray values = p.array().stopGradient();
      values.attach(scope);
      digest.update(values.toType(DataType.FLOAT32, false).toByteBuffer(true));
    }
    return digest.digest();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
