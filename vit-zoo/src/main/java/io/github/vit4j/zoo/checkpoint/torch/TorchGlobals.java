package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.pickle.Constructor;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import io.github.vit4j.zoo.checkpoint.pickle.Globals;
import io.github.vit4j.zoo.checkpoint.pickle.Opaque;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import java.util.List;
import java.util.Optional;

/**
 * Every name in a pickle that means something here: dtypes, storage classes, the functions that
 * rebuild tensors, ordered dictionaries, sizes, sets. Nothing else does.
 */
final class TorchGlobals implements Globals {

  /** A class that a storage's persistent id names. */
  record StorageClass(ElementType type) {}

  @Override
  public Object find(String module, String name) {
    return switch (module) {
      case "torch" -> torch(name);
      case "torch.storage" ->
          name.equals("UntypedStorage")
              ? new StorageClass(ElementType.UINT8)
              : new Opaque(module, name);
      case "torch._utils", "torch._tensor" -> Rebuild.function(module, name);
      case "collections" ->
          name.equals("OrderedDict")
              ? (Constructor) TorchGlobals::dictionary
              : new Opaque(module, name);
      case "builtins", "__builtin__" ->
          List.of("set", "frozenset").contains(name)
              ? (Constructor) TorchGlobals::items
              : new Opaque(module, name);
      default -> new Opaque(module, name);
    };
  }

  private static Object torch(String name) {
    if (name.equals("Size")) {
      return (Constructor) TorchGlobals::items;
    }
    if (name.equals("UntypedStorage")) {
      return new StorageClass(ElementType.UINT8);
    }
    Optional<Object> storage = ElementType.ofStorage(name).map(StorageClass::new);
    return storage.or(() -> ElementType.ofDtype(name)).orElseGet(() -> new Opaque("torch", name));
  }

  /** What a set or a size is made of serves as the set or the size. */
  private static Object items(Sequence arguments) {
    if (arguments.size() == 0) {
      return arguments;
    }
    if (arguments.size() == 1 && arguments.items().get(0) instanceof Sequence items) {
      return items;
    }
    throw new BadInputException("makes a set or a size of what is not a list");
  }

  /** Empty, or, as Python 2 wrote it, of a list of pairs. */
  private static Object dictionary(Sequence arguments) {
    Dictionary dictionary = new Dictionary();
    if (arguments.size() == 0) {
      return dictionary;
    }
    if (arguments.size() == 1 && arguments.items().get(0) instanceof Sequence pairs) {
      for (Object item : pairs.items()) {
        if (!(item instanceof Sequence pair) || pair.size() != 2) {
          throw new BadInputException("makes a dictionary of what are not pairs");
        }
        dictionary.put(pair.items().get(0), pair.items().get(1));
      }
      return dictionary;
    }
    throw new BadInputException("makes a dictionary of what is not a list of pairs");
  }
}
