package io.github.vit4j.zoo.names;

import static java.util.Objects.requireNonNull;

import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which tensors of a file hold the parameters of one architecture. */
public final class TensorMap {

  /** A piece of a parameter, and where it begins among the parameter's numbers. */
  record Use(ViTParameter parameter, int begin, Piece piece) {}

  /**
   * A tensor of the file, with all that it holds.
   *
   * @param uses the parameters' pieces in it; empty for a counter that the model does not keep
   */
  record Stored(String name, List<Long> shape, List<Use> uses) {

    /** BatchNorm's count of batches: read by nobody, but PyTorch misses it if it is not there. */
    boolean isCounter() {
      return uses.isEmpty();
    }

    int elements() {
      return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }
  }

  private final Map<String, Stored> tensors = new LinkedHashMap<>();
  private final Map<String, List<Piece>> pieces = new LinkedHashMap<>();
  private final Predicate<String> harmless;

  private TensorMap(Predicate<String> harmless) {
    this.harmless = harmless;
  }

  /** Says which tensors make a parameter, one after the other along its first axis. */
  @FunctionalInterface
  interface Pieces {
    List<Piece> of(ViTParameter parameter);
  }

  /**
   * @param harmless whether a tensor that no parameter needs may stand in a file all the same
   */
  static TensorMap of(VisionTransformer model, Pieces pieces, Predicate<String> harmless) {
    TensorMap map = new TensorMap(harmless);
    for (ViTParameter parameter : model.namedParameters()) {
      map.add(parameter, pieces.of(parameter));
    }
    return map;
  }

  private void add(ViTParameter parameter, List<Piece> made) {
    pieces.put(parameter.path(), List.copyOf(made));
    int begin = 0;
    for (Piece piece : made) {
      if (piece.isZeros()) {
        begin += piece.layout().size();
        continue;
      }
      List<Use> uses = new ArrayList<>();
      Stored before = tensors.get(piece.tensor());
      if (before != null) {
        uses.addAll(before.uses);
      }
      uses.add(new Use(parameter, begin, piece));
      begin += piece.layout().size();
      List<Long> shape = piece.tensorShape(uses.size());
      tensors.put(piece.tensor(), new Stored(piece.tensor(), shape, uses));
    }
    if (parameter.path().endsWith(".running_var")) {
      String counter = parameter.path().replaceAll("running_var$", "num_batches_tracked");
      tensors.put(counter, new Stored(counter, List.of(), List.of()));
    }
  }

  /** {@return the name and shape of every tensor that a file needs, in the model's order} */
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.values().stream()
        .filter(tensor -> !tensor.isCounter())
        .forEach(tensor -> shapes.put(tensor.name, tensor.shape));
    return Collections.unmodifiableMap(shapes);
  }

  /** {@return the name of each parameter that is a tensor of its own, by its path in the model} */
  public Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    pieces.forEach(
        (path, made) -> {
          Piece first = made.get(0);
          if (made.size() == 1 && !first.isZeros() && tensor(first.tensor()).uses().size() == 1) {
            names.put(path, first.tensor());
          }
        });
    return Collections.unmodifiableMap(names);
  }

  /**
   * {@return whether a tensor that no parameter needs may stand in a file all the same, such as an
   * index table that follows from the configuration}
   *
   * @param tensor its name in the file
   */
  public boolean ignores(String tensor) {
    Stored stored = tensors.get(tensor);
    return stored == null ? harmless.test(tensor) : stored.isCounter();
  }

  /**
   * Lays numbers that belong to parameters (values, gradients) out as the file's tensors.
   *
   * @param numbers a parameter's numbers in its own order, or null for a parameter without any
   * @return the tensors of those parameters that have numbers, by name in the file
   */
  public Map<String, float[]> laidOut(Function<ViTParameter, float @Nullable []> numbers) {
    Map<String, float[]> laidOut = new LinkedHashMap<>();
    for (Stored tensor : tensors.values()) {
      for (Use use : tensor.uses) {
        float[] own = numbers.apply(use.parameter());
        if (own != null) {
          float[] file = laidOut.computeIfAbsent(tensor.name, n -> new float[tensor.elements()]);
          Piece piece = use.piece();
          piece.layout().toFile(own, use.begin(), file, piece.begin());
        }
      }
    }
    return laidOut;
  }

  Collection<Stored> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  Stored tensor(String name) {
    return requireNonNull(tensors.get(name));
  }

  List<Piece> pieces(ViTParameter parameter) {
    return requireNonNull(pieces.get(parameter.path()));
  }
}
