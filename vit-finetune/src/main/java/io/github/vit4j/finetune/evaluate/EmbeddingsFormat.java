package io.github.vit4j.finetune.evaluate;

import com.google.gson.Gson;
import com.google.gson.stream.JsonWriter;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How embeddings are stored, by the end of the file's name. */
enum EmbeddingsFormat {
  NPY(".npy") {
    @Override
    void write(Embeddings embeddings, Path file) throws IOException {
      WholeFile.write(
          file,
          channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            out.write(npyHeader(embeddings.rows().size(), embeddings.width()));
            ByteBuffer row = ByteBuffer.allocate(embeddings.width() * Float.BYTES);
            row.order(ByteOrder.LITTLE_ENDIAN);
            for (float[] values : embeddings.rows()) {
              row.asFloatBuffer().put(values);
              out.write(row.array());
            }
            out.flush();
          });
    }
  },

  SAFETENSORS(".safetensors") {
    @Override
    void write(Embeddings embeddings, Path file) {
      List<Long> shape = List.of((long) embeddings.rows().size(), (long) embeddings.width());
      String names = new Gson().toJson(embeddings.files().stream().map(Path::toString).toList());
      SafeTensors.write(
          file,
          Map.of(Embeddings.FILES, names),
          List.of(TensorSource.of(Embeddings.TENSOR, shape, embeddings.flat())));
    }
  },

  JSON(".json") {
    @Override
    void write(Embeddings embeddings, Path file) throws IOException {
      writeText(
          file,
          out -> {
            JsonWriter json = new JsonWriter(out);
            json.beginArray();
            for (int i = 0; i < embeddings.rows().size(); i++) {
              json.beginObject();
              json.name("file").value(embeddings.files().get(i).toString());
              json.name("embedding").beginArray();
              for (float value : embeddings.rows().get(i)) {
                json.value(value);
              }
              json.endArray().endObject();
              out.write('\n');
            }
            json.endArray().flush();
          });
    }
  },

  CSV(".csv") {
    @Override
    void write(Embeddings embeddings, Path file) throws IOException {
      writeText(
          file,
          out -> {
            out.write("file");
            for (int i = 0; i < embeddings.width(); i++) {
              out.write(",f" + i);
            }
            out.write('\n');
            for (int i = 0; i < embeddings.rows().size(); i++) {
              out.write(Csv.cell(embeddings.files().get(i).toString()));
              for (float value : embeddings.rows().get(i)) {
                out.write(',');
                out.write(Float.toString(value)); // the shortest text that reads back the same
              }
              out.write('\n');
            }
          });
    }
  };

  private static final int NPY_ALIGNMENT = 64;

  private final String extension;

  EmbeddingsFormat(String extension) {
    this.extension = extension;
  }

  abstract void write(Embeddings embeddings, Path file) throws IOException;

  static EmbeddingsFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (EmbeddingsFormat format : values()) {
      if (name.endsWith(format.extension)) {
        return format;
      }
    }
    throw new BadInputException(
        file
            + " must end in .npy, .safetensors, .json or .csv, which says how embeddings are"
            + " stored");
  }

  private interface Text {
    void writeTo(Writer out) throws IOException;
  }

  private static void writeText(Path file, Text text) throws IOException {
    WholeFile.write(
        file,
        channel -> {
          Writer out =
              new BufferedWriter(
                  new OutputStreamWriter(
                      Channels.newOutputStream(channel), StandardCharsets.UTF_8));
          text.writeTo(out);
          out.flush();
        });
  }

  /** Version 1.0 of NumPy's format: magic, header length, a dictionary padded to 64 bytes. */
  private static byte[] npyHeader(int rows, int width) {
    String fields =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }".formatted(rows, width);
    int start = 10;
    int total = (start + fields.length() + 1 + NPY_ALIGNMENT - 1) / NPY_ALIGNMENT * NPY_ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) (total - start));
    header.put(
        (fields + " ".repeat(total - start - fields.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }
}
