package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.pickle.Opaque;
import io.github.vit4j.zoo.checkpoint.pickle.PersistentIds;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The persistent ids of {@code torch.save}: {@code ('storage', class, key, device, elements)}, in
 * files before 1.6 with a sixth part {@code (view's key, offset, elements)} or None. Collects the
 * storages that the pickle speaks of.
 */
final class StorageIds implements PersistentIds {

  /** A whole pickled module names its source file first, which is left alone. */
  private static final String MODULE = "module";

  private final Map<String, Storage> storages = new LinkedHashMap<>();

  /** {@return the file's storages that were spoken of, by key} */
  Map<String, Storage> storages() {
    return Collections.unmodifiableMap(storages);
  }

  @Override
  public Object load(Object id) {
    if (!(id instanceof Sequence sequence) || sequence.size() < 2) {
      throw wrong();
    }
    List<Object> parts = sequence.items();
    if (MODULE.equals(parts.get(0))) {
      return parts.get(1);
    }
    if (!"storage".equals(parts.get(0)) || parts.size() < 5) {
      throw wrong();
    }
    if (parts.get(1) instanceof Opaque unknown) {
      throw new BadInputException(
          "has a storage of the unknown class " + Shown.quoted(unknown.name()));
    }
    if (!(parts.get(1) instanceof TorchGlobals.StorageClass type)
        || !(parts.get(2) instanceof String key)) {
      throw wrong();
    }
    long count = Rebuild.number(parts.get(4));
    if (count < 0 || count > Long.MAX_VALUE / 16) {
      throw new BadInputException("has a storage of " + count + " elements");
    }
    Storage whole = new Storage(key, type.type(), 0, count);
    Storage before = storages.putIfAbsent(key, whole);
    if (before != null && before.bytes() != whole.bytes()) {
      throw new BadInputException(
          "describes the storage " + Shown.quoted(key) + " with two different lengths");
    }
    return parts.size() > 5 && parts.get(5) instanceof Sequence view ? part(whole, view) : whole;
  }

  private static Storage part(Storage whole, Sequence view) {
    if (view.size() != 3) {
      throw wrong();
    }
    long first = Rebuild.number(view.items().get(1));
    long count = Rebuild.number(view.items().get(2));
    if (first < 0 || count < 0 || first > whole.count() || count > whole.count() - first) {
      throw new BadInputException("has a view beyond the end of its storage");
    }
    return new Storage(whole.key(), whole.type(), first, count);
  }

  private static BadInputException wrong() {
    return new BadInputException("has a persistent id that is not one of a storage");
  }
}
