package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.torch.Place;
import io.github.vit4j.zoo.checkpoint.torch.StateDictionary;
import io.github.vit4j.zoo.checkpoint.torch.StridedTensor;
import io.github.vit4j.zoo.checkpoint.torch.TorchContents;
import io.github.vit4j.zoo.checkpoint.zip.Archive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A file of {@code torch.save}: {@code .pth}, {@code .pt} or {@code .bin}, the zip archive of
 * PyTorch 1.6 and later or the older form. Python is not needed, and nothing of the pickle in it is
 * ever built or called: names other than those of tensors become placeholders, which are skipped
 * where they describe something else (options, an optimizer) and refused where a tensor is needed.
 *
 * <p>People save their weights in dictionaries within dictionaries. Which one is read is found out
 * in this order: at each level, the first of the keys {@code model}, {@code state_dict}, {@code
 * model_state_dict}, {@code teacher}, {@code student}, {@code model_ema}, {@code state_dict_ema},
 * {@code ema}, {@code net}, {@code network}, {@code module}, {@code backbone}, {@code encoder},
 * {@code params}, {@code weights} that leads to tensors; else the tensors at that level; else the
 * only key that leads to some. {@link #select} reads another.
 *
 * <p>A whole pickled module is read if its pickle shows its parameters. Complex, quantized and
 * sparse tensors, and files of big-endian machines, are refused.
 */
public final class TorchFile implements Checkpoint {

  /**
   * Views may say more than there is (a scalar expanded to a matrix), and deflated data may grow;
   * all tensors together take at most this many times the file's size, or {@link #ALWAYS}.
   */
  private static final long MOST_GROWTH = 16;

  private static final long ALWAYS = 1 << 24;

  private record Located(TensorInfo info, StridedTensor tensor, Place place, long begin) {}

  private final MappedFile file;
  private final TorchContents contents;
  private final StateDictionary dictionary;
  private final Map<String, Located> tensors;
  private final Map<String, ByteBuffer> unpacked;

  private TorchFile(MappedFile file, TorchContents contents, StateDictionary dictionary)
      throws IOException {
    this.file = file;
    this.contents = contents;
    this.dictionary = dictionary;
    this.tensors = located(contents, dictionary, file.channel().size());
    this.unpacked = new HashMap<>();
  }

  /**
   * Opens a file. Its pickle is read and checked, and every tensor's place in the file; values are
   * read when asked for.
   *
   * @param file its name does not matter
   * @return the open file; the caller closes it
   * @throws BadInputException if the file cannot be read, is broken or another kind of file, or
   *     does not hold a dictionary of tensors
   */
  public static TorchFile open(Path file) {
    return open(file, Optional.empty());
  }

  /**
   * Opens a file and reads the tensors under a key of the caller's choice.
   *
   * @param file its name does not matter
   * @param key as for {@link #select}
   * @return the open file; the caller closes it
   * @throws BadInputException as above, or if there are no tensors under that key
   */
  public static TorchFile open(Path file, String key) {
    return open(file, Optional.of(key));
  }

  private static TorchFile open(Path path, Optional<String> key) {
    Inputs.requireFile(path);
    MappedFile file = null;
    try {
      file = MappedFile.open(path);
      TorchContents contents = TorchContents.read(file.channel());
      StateDictionary dictionary =
          key.isPresent()
              ? StateDictionary.at(contents.root(), key.get())
              : StateDictionary.preferred(contents.root());
      TorchFile opened = new TorchFile(file, contents, dictionary);
      file = null;
      return opened;
    } catch (IOException e) {
      throw new BadInputException(path + " cannot be read: " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(path + " " + e.getMessage(), e);
    } finally {
      Inputs.closeQuietly(file);
    }
  }

  /** {@return whether a zip archive is one of torch.save or torch.jit.save} */
  static boolean isTorch(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return Archive.read(channel).entries().stream()
          .anyMatch(entry -> ("/" + entry.name()).endsWith("/data.pkl"));
    } catch (IOException e) {
      throw new BadInputException(path + " cannot be read: " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(path + " " + e.getMessage(), e);
    }
  }

  private static Map<String, Located> located(
      TorchContents contents, StateDictionary dictionary, long fileLength) {
    long most = Math.max(ALWAYS, Math.multiplyExact(MOST_GROWTH, fileLength));
    Map<String, Located> tensors = new LinkedHashMap<>();
    Set<String> packed = new HashSet<>();
    long total = 0;
    for (Map.Entry<String, StridedTensor> entry : dictionary.tensors().entrySet()) {
      Located tensor;
      try {
        tensor = located(entry.getKey(), entry.getValue(), contents);
      } catch (BadInputException e) {
        throw new BadInputException(
            "tensor " + Shown.quoted(entry.getKey()) + " " + e.getMessage(), e);
      }
      tensors.put(entry.getKey(), tensor);
      long bytes = tensor.info.bytes();
      boolean unpacks =
          tensor.place.packed().isPresent() && packed.add(entry.getValue().storage().key());
      long unpacked = unpacks ? tensor.place.length() : 0;
      // each by itself first: a sum of what a file claims may overflow
      boolean tooMuch = bytes > most || unpacked > most;
      total = tooMuch ? most : total + bytes + unpacked;
      if (tooMuch || total > most) {
        throw new BadInputException(
            "claims tensors of more than "
                + most
                + " bytes in a file of "
                + fileLength
                + ", by views that repeat elements or by deflated data, as no weights do");
      }
    }
    return tensors;
  }

  private static Located located(String name, StridedTensor tensor, TorchContents contents) {
    TensorType type =
        tensor.type().safetensors().flatMap(TensorType::named).orElseThrow(AssertionError::new);
    long span = tensor.span();
    TensorInfo info = new TensorInfo(name, type, tensor.shape());
    Place place = contents.place(tensor);
    if (span * type.size() > Integer.MAX_VALUE && !tensor.contiguous()) {
      throw new BadInputException(
          "reaches over " + span * type.size() + " bytes of its storage; 2 GiB is the most");
    }
    long first = tensor.storage().first() * tensor.storage().type().size();
    return new Located(info, tensor, place, first + tensor.offset() * type.size());
  }

  /**
   * The same file, with the tensors under another key. Closing either closes both.
   *
   * @param key the key of a dictionary or a module in the file, such as {@code teacher}; for one
   *     within another, the keys that lead to it with slashes between, such as {@code
   *     model/backbone}; empty for the outermost
   * @return the tensors there
   * @throws BadInputException if there are none
   */
  public TorchFile select(String key) {
    file.requireOpen();
    try {
      return new TorchFile(file, contents, StateDictionary.at(contents.root(), key));
    } catch (IOException e) {
      throw new BadInputException(source() + " cannot be read: " + e.getMessage(), e);
    } catch (BadInputException e) {
      throw new BadInputException(source() + " " + e.getMessage(), e);
    }
  }

  /** {@return the key that these tensors stand under, with slashes; empty for the outermost} */
  public String selected() {
    return dictionary.path();
  }

  /** {@return keys that {@link #select} takes, such as {@code [model, model_ema]}, at most 16} */
  public List<String> selectable() {
    return StateDictionary.paths(contents.root());
  }

  @Override
  public Path source() {
    return file.path();
  }

  /** {@return texts and numbers beside the tensors, such as {@code epoch}, written out} */
  @Override
  public Map<String, String> metadata() {
    return dictionary.notes();
  }

  @Override
  public Collection<TensorInfo> tensors() {
    return tensors.values().stream().map(Located::info).toList();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Located::info);
  }

  @Override
  public ByteBuffer bytes(String name) {
    file.requireOpen();
    TensorInfo info = info(name);
    Located tensor = Objects.requireNonNull(tensors.get(name));
    if (info.bytes() > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          source()
              + ": tensor "
              + Shown.quoted(name)
              + " has "
              + info.bytes()
              + " bytes; a single tensor of 2 GiB or more is listed but cannot be read");
    }
    int size = info.type().size();
    int span = (int) (tensor.tensor.span() * size);
    ByteBuffer bytes =
        tensor.place.packed().isPresent()
            ? unpacked(tensor).slice((int) tensor.begin, span)
            : file.bytes(tensor.place.position() + tensor.begin, span);
    if (!tensor.tensor.contiguous()) {
      bytes = ByteBuffer.wrap(Strides.rowMajor(bytes, size, info.shape(), tensor.tensor.strides()));
    }
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Several tensors may lie in one storage, so it stays; the sum of all was bounded before. */
  private ByteBuffer unpacked(Located tensor) {
    synchronized (unpacked) {
      return unpacked.computeIfAbsent(
          tensor.tensor.storage().key(),
          key -> {
            try {
              return ByteBuffer.wrap(
                  contents
                      .archive()
                      .orElseThrow()
                      .bytes(tensor.place.packed().orElseThrow(), tensor.place.length()));
            } catch (IOException e) {
              throw new BadInputException(source() + " cannot be read: " + e.getMessage(), e);
            } catch (BadInputException e) {
              throw new BadInputException(source() + ": " + e.getMessage(), e);
            }
          });
    }
  }

  @Override
  public NDArray array(String name, NDManager manager) {
    ByteBuffer bytes = bytes(name);
    Located tensor = Objects.requireNonNull(tensors.get(name));
    if (tensor.place.packed().isPresent() || !tensor.tensor.contiguous()) {
      return EngineArrays.copy(tensor.info, bytes, manager);
    }
    return file.array(tensor.info, tensor.place.position() + tensor.begin, bytes, manager);
  }

  /** Lets go of the file, also for what {@link #select} returned. */
  @Override
  public void close() {
    file.close();
  }
}
