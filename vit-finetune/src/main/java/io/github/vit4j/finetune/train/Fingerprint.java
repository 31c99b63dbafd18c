package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** Short names for large things, by which a resumed run recognises them. */
final class Fingerprint {

  private static final int SHOWN = 16;

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Names, shapes and values of a model. */
  static String of(VisionTransformer vit) {
    Fingerprint print = new Fingerprint();
    for (ViTParameter p : vit.namedParameters()) {
      NDArray array = p.array();
      print.add(p.path() + array.getShape());
      print.digest.update(array.toByteBuffer());
    }
    return print.text();
  }

  /** Names and labels of the images, not their pixels, which would have to be read. */
  static String of(ImageDataset images) {
    Fingerprint print = new Fingerprint();
    ByteBuffer label = ByteBuffer.allocate(Integer.BYTES);
    for (int i = 0; i < images.size(); i++) {
      print.add(images.name(i));
      print.digest.update(label.clear().putInt(images.label(i)).flip());
    }
    return images.size() + " images, " + print.text();
  }

  static String of(Collection<String> texts) {
    Fingerprint print = new Fingerprint();
    texts.forEach(print::add);
    return texts.size() + ", " + print.text();
  }

  private void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private String text() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, SHOWN);
  }
}
