package io.github.vit4j.image;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The preprocess fixtures, read without the library's own safetensors reader. */
final class Fixtures {

  private Fixtures() {}

  static byte[] resource(String path) {
    try (InputStream in = Fixtures.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tensor name to raw little-endian bytes. */
  static Map<String, byte[]> tensors(String path) {
    byte[] file = resource(path);
    int headerLength = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonObject header =
        JsonParser.parseString(new String(file, 8, headerLength, StandardCharsets.UTF_8))
            .getAsJsonObject();
    Map<String, byte[]> tensors = new LinkedHashMap<>();
    for (String name : header.keySet()) {
      if (!name.equals("__metadata__")) {
        var offsets = header.getAsJsonObject(name).getAsJsonArray("data_offsets");
        int base = 8 + headerLength;
        tensors.put(
            name,
            Arrays.copyOfRange(
                file, base + offsets.get(0).getAsInt(), base + offsets.get(1).getAsInt()));
      }
    }
    return tensors;
  }

  static float[] floats(byte[] raw) {
    float[] out = new float[raw.length / 4];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }
}
