package io.github.vit4j.zoo.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What wrappers put before the names of a model: {@code module.} (data parallelism), {@code
 * _orig_mod.} (torch.compile), {@code model.}, {@code backbone.} and {@code encoder.} (training
 * codes), also several of them one after the other.
 */
public final class Prefixes {

  private static final List<String> KNOWN =
      List.of("module.", "_orig_mod.", "model.", "backbone.", "encoder.");

  private static final int MOST = 8;

  private Prefixes() {}

  /**
   * Looks at a file as if it had been saved without its wrappers. A prefix counts if more than half
   * of the tensors carry it; a tensor without it keeps its name. Nothing is copied.
   *
   * @param file stays the one owner of what is open
   * @return the same tensors under shorter names; {@code file} itself if there is no such prefix,
   *     or if two tensors would have the same name without it. Closing it closes {@code file}
   */
  public static Checkpoint strip(Checkpoint file) {
    List<String> names = file.tensors().stream().map(TensorInfo::name).toList();
    List<String> prefixes = prefixes(names);
    while (!prefixes.isEmpty()) {
      Map<String, String> stripped = new LinkedHashMap<>();
      for (String name : names) {
        stripped.put(without(prefixes, name), name);
      }
      if (stripped.size() == names.size()) {
        return new RenamedCheckpoint(file, stripped);
      }
      prefixes = prefixes.subList(0, prefixes.size() - 1);
    }
    return file;
  }

  /** {@return the prefixes that most names carry, outermost first} */
  private static List<String> prefixes(Collection<String> names) {
    List<String> prefixes = new ArrayList<>();
    String whole = "";
    for (int i = 0; i < MOST; i++) {
      String next = next(names, whole);
      if (next.isEmpty()) {
        break;
      }
      prefixes.add(next);
      whole += next;
    }
    return prefixes;
  }

  private static String next(Collection<String> names, String outer) {
    for (String prefix : KNOWN) {
      if (names.stream().filter(n -> n.startsWith(outer + prefix)).count() * 2 > names.size()) {
        return prefix;
      }
    }
    return "";
  }

  private static String without(List<String> prefixes, String name) {
    String rest = name;
    for (String prefix : prefixes) {
      if (!rest.startsWith(prefix)) {
        break;
      }
      rest = rest.substring(prefix.length());
    }
    return rest;
  }
}
