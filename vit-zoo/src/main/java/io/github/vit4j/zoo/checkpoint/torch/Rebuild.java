package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.pickle.Constructor;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import io.github.vit4j.zoo.checkpoint.pickle.Opaque;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import java.util.List;
import java.util.Map;

/**
 * The functions of {@code torch._utils} that a pickle names to make tensors, as far as they say
 * where the elements lie.
 */
final class Rebuild {

  /** As many as a checkpoint's tensors may have; the limit of PyTorch itself. */
  private static final int MOST_DIMENSIONS = 64;

  private static final Map<String, Constructor> FUNCTIONS =
      Map.of(
          "_rebuild_tensor",
          Rebuild::tensor,
          "_rebuild_tensor_v2",
          Rebuild::tensor,
          "_rebuild_tensor_v3",
          Rebuild::typed,
          "_rebuild_parameter",
          Rebuild::parameter,
          "_rebuild_parameter_with_state",
          Rebuild::parameter,
          "_rebuild_qtensor",
          refused("a quantized tensor"),
          "_rebuild_sparse_tensor",
          refused("a sparse tensor"),
          "_rebuild_meta_tensor_no_storage",
          refused("a tensor without values (device meta)"),
          "_rebuild_nested_tensor",
          refused("a nested tensor"),
          "_rebuild_device_tensor_from_numpy",
          refused("a tensor pickled through NumPy"));

  private Rebuild() {}

  /** {@return the function of that name, or a placeholder} */
  static Object function(String module, String name) {
    Constructor found = module.equals("torch._utils") ? FUNCTIONS.get(name) : null;
    if (found != null) {
      return found;
    }
    return module.equals("torch._tensor") && name.equals("_rebuild_from_type_v2")
        ? (Constructor) Rebuild::fromType
        : new Opaque(module, name);
  }

  private static Constructor refused(String what) {
    return arguments -> new Refused("is " + what + ", which is not read; make it dense first");
  }

  /** storage, offset, size, stride, and what is not needed; the last may hold lazy operations. */
  private static Object tensor(Sequence arguments) {
    List<Object> given = atLeast(4, arguments);
    if (given.size() > 6 && given.get(6) instanceof Dictionary bits && !bits.entries().isEmpty()) {
      return new Refused(
          "is conjugated or negated only when used, which is not read; resolve it before saving");
    }
    return strided(given, storage(given.get(0)).type());
  }

  /** As above, then requires_grad, hooks, dtype: for types that have no storage class. */
  private static Object typed(Sequence arguments) {
    List<Object> given = atLeast(7, arguments);
    if (given.get(6) instanceof ElementType type) {
      return strided(given, type);
    }
    throw new BadInputException("makes a tensor of an unknown dtype");
  }

  private static Object strided(List<Object> given, ElementType type) {
    if (type.safetensors().isEmpty()) {
      return new Refused(type.whyRefused());
    }
    return new StridedTensor(
        storage(given.get(0)),
        type,
        number(given.get(1)),
        numbers(given.get(2)),
        numbers(given.get(3)));
  }

  /** A parameter is its tensor. */
  private static Object parameter(Sequence arguments) {
    return atLeast(1, arguments).get(0);
  }

  /** A tensor with attributes: function, class, the function's arguments, attributes. */
  private static Object fromType(Sequence arguments) {
    List<Object> given = atLeast(3, arguments);
    boolean plain = given.get(1) instanceof Opaque type && isPlain(type.name());
    if (plain
        && given.get(0) instanceof Constructor function
        && FUNCTIONS.containsValue(function)
        && given.get(2) instanceof Sequence inner) {
      return function.make(inner);
    }
    return given.get(1) instanceof Opaque type ? type : new Opaque("torch", "Tensor");
  }

  private static boolean isPlain(String type) {
    return List.of("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter")
        .contains(type);
  }

  private static List<Object> atLeast(int count, Sequence arguments) {
    if (arguments.size() < count) {
      throw new BadInputException("makes a tensor of " + arguments.size() + " arguments");
    }
    return arguments.items();
  }

  private static Storage storage(Object value) {
    if (value instanceof Storage storage) {
      return storage;
    }
    throw new BadInputException("makes a tensor of what is not a storage");
  }

  static long number(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new BadInputException("has a size, stride or offset that is not a 64-bit number");
  }

  private static List<Long> numbers(Object value) {
    if (value instanceof Sequence sequence) {
      if (sequence.size() > MOST_DIMENSIONS) {
        throw new BadInputException(
            "makes a tensor of "
                + sequence.size()
                + " dimensions; "
                + MOST_DIMENSIONS
                + " is the most");
      }
      return sequence.items().stream().map(Rebuild::number).toList();
    }
    throw new BadInputException("has a shape or strides that are not a list");
  }
}
