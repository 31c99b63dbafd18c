package io.github.vit4j.finetune.fewshot;

import com.google.gson.Gson;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.task.BaseDigest;
import io.github.vit4j.zoo.ViTModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What features depend on, in 64 hexadecimal digits. */
final class FeatureFingerprint {

  private final MessageDigest digest = newDigest();

  private FeatureFingerprint() {}

  /** Of a model: every weight, the architecture, and how images are prepared. */
  static String of(ViTModel model) {
    FeatureFingerprint print = new FeatureFingerprint();
    print.add(BaseDigest.of(model).sha256());
    print.add(model.network().config().toJson());
    print.add(new Gson().toJson(model.preprocessing()));
    return print.text();
  }

  /** Of a data set: its classes, and every image's name, label and stamp. */
  static String of(ImageDataset images) {
    FeatureFingerprint print = new FeatureFingerprint();
    print.add(Integer.toString(images.size()));
    images.classes().forEach(print::add);
    ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
    for (int i = 0; i < images.size(); i++) {
      print.add(images.name(i));
      print.digest.update(numbers.clear().putInt(images.label(i)).putLong(images.stamp(i)).flip());
    }
    return print.text();
  }

  /** Of the values themselves. */
  static String of(float[][] rows) {
    FeatureFingerprint print = new FeatureFingerprint();
    for (float[] row : rows) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length);
      bytes.asFloatBuffer().put(row);
      print.digest.update(bytes);
    }
    return print.text();
  }

  private void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private String text() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
