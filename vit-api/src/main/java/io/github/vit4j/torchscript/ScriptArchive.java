package io.github.vit4j.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module as an archive that libtorch loads, in DJL, C++ or Python: a zip of stored
 * entries with the source of its methods, its tensors, and a pickle that ties them together
 * (PyTorch's torch/csrc/jit/docs/serialization.md).
 *
 * <pre>{@code
 * ScriptArchive archive = new ScriptArchive("Twice");
 * archive.method("def forward(self, x: Tensor) -> Tensor:\n  return torch.mul(x, 2)\n");
 * try (ScriptModule twice = ScriptModule.load(archive)) { ... }
 * }</pre>
 */
public final class ScriptArchive {

  /** The file format that PyTorch writes since 1.13; its operators have the meaning of today. */
  private static final String VERSION = "10\n";

  private static final Pattern SELF = Pattern.compile("(?m)^(def \\w+)\\(self\\b");

  private final String name;
  private final Map<String, ScriptTensor> tensors = new LinkedHashMap<>();
  private final List<String> methods = new ArrayList<>();

  /**
   * A module without tensors or methods.
   *
   * @param name name of its class, a word
   */
  public ScriptArchive(String name) {
    this.name = word(name);
  }

  /**
   * Adds a tensor that loaders see as a parameter.
   *
   * @param attribute its name, a word; methods read it as {@code self.NAME}
   * @param values float32 or int64; must stay open until the archive is written
   * @throws BadInputException if there is one of this name, or the type is another
   */
  public void parameter(String attribute, NDArray values) {
    add(new ScriptTensor(word(attribute), values, true));
  }

  /** As {@link #parameter}, but a buffer: it moves between devices and never trains. */
  public void buffer(String attribute, NDArray values) {
    add(new ScriptTensor(word(attribute), values, false));
  }

  private void add(ScriptTensor tensor) {
    if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
      throw new BadInputException("module %s has two tensors %s".formatted(name, tensor.name()));
    }
  }

  /**
   * Adds a method.
   *
   * @param source TorchScript as PyTorch serialises it: {@code def NAME(self, x: Tensor) ->
   *     Tensor:} and lines indented by two spaces
   */
  public void method(String source) {
    methods.add(SELF.matcher(source).replaceAll("$1(self: __torch__." + name));
  }

  /** {@return the source of the class, as it stands in the archive} */
  public String source() {
    StringBuilder code = new StringBuilder();
    code.append("class ").append(name).append("(Module):\n");
    code.append("  __parameters__ = [").append(names(true)).append("]\n");
    code.append("  __buffers__ = [").append(names(false)).append("]\n");
    tensors.keySet().forEach(t -> code.append("  ").append(t).append(" : Tensor\n"));
    code.append("  training : bool\n");
    for (String method : methods) {
      method.lines().forEach(line -> code.append("  ").append(line).append('\n'));
    }
    return code.toString();
  }

  private String names(boolean parameters) {
    StringBuilder names = new StringBuilder();
    for (ScriptTensor tensor : tensors.values()) {
      if (tensor.parameter() == parameters) {
        names.append('"').append(tensor.name()).append("\", ");
      }
    }
    return names.toString();
  }

  /**
   * Writes the archive to a file, which is replaced once the new one is complete. Where the name is
   * a symbolic link, the file that it points at is replaced.
   *
   * @param file where to
   * @throws BadInputException if it cannot be written
   */
  public void save(Path file) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(target)) {
      throw new BadInputException(
          file + " cannot be written: name a file in a folder that is there");
    }
    try {
      WholeFile.write(
          file,
          channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            writeTo(out);
            out.flush();
          });
    } catch (IOException | UncheckedIOException e) {
      throw new BadInputException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the archive.
   *
   * @param out not closed
   * @throws IOException if that fails
   */
  public void writeTo(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    entry(zip, "data.pkl", bytes(pickle()));
    entry(zip, "code/__torch__.py", utf8(source()));
    entry(zip, "constants.pkl", bytes(new PickleWriter().emptyTuple().stop()));
    int i = 0;
    for (ScriptTensor tensor : tensors.values()) {
      entry(zip, "data/" + i++, tensor.bytes());
    }
    entry(zip, "byteorder", utf8("little"));
    entry(zip, "version", utf8(VERSION));
    zip.finish();
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer bytes(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }

  private void entry(ZipOutputStream zip, String path, ByteBuffer bytes) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes.duplicate());
    ZipEntry entry = new ZipEntry(name + "/" + path);
    entry.setSize(bytes.remaining());
    entry.setCompressedSize(bytes.remaining());
    entry.setCrc(sum.getValue());
    entry.setTime(0); // the same module is the same bytes
    zip.putNextEntry(entry);
    // no channel around the stream: it would end with an interrupt, and what is loaded once for the
    // whole process would be gone for all of it
    byte[] chunk = new byte[Math.min(bytes.remaining(), 1 << 16)];
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), chunk.length);
      bytes.get(chunk, 0, count);
      zip.write(chunk, 0, count);
    }
    zip.closeEntry();
  }

  private byte[] pickle() {
    PickleWriter pickle = new PickleWriter();
    pickle.global("__torch__", name).emptyTuple().newObject().emptyDict().mark();
    int i = 0;
    for (ScriptTensor tensor : tensors.values()) {
      pickle.text(tensor.name());
      tensor(pickle, tensor, i++);
    }
    return pickle.text("training").truth(false).setItems().build().stop();
  }

  private static void tensor(PickleWriter pickle, ScriptTensor tensor, int index) {
    long[] shape = tensor.shape().getShape();
    pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
    pickle.mark().text("storage").global("torch", tensor.storage()).text(Integer.toString(index));
    pickle.text("cpu").integer(tensor.shape().size()).tuple().persistentId();
    pickle.integer(0).integers(shape).integers(strides(tensor.shape()));
    pickle.truth(tensor.parameter());
    pickle.global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
  }

  private static long[] strides(Shape shape) {
    long[] strides = new long[shape.dimension()];
    long step = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape.get(i);
    }
    return strides;
  }

  private static String word(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new BadInputException("'" + name + "' cannot name a part of a module; use a word");
    }
    return name;
  }
}
