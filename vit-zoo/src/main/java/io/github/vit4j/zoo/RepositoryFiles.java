package io.github.vit4j.zoo;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a hub repository hold its weights.
 *
 * @param main the checkpoint, or the index of its shards
 * @param shards the shards; empty where one file holds all
 */
record RepositoryFiles(String main, List<String> shards) {

  /** The preferred kind first: what cannot run code before what could, the usual names first. */
  private static final List<Pattern> KINDS =
      List.of(
          Pattern.compile("model\\.safetensors"),
          Pattern.compile("model\\.safetensors\\.index\\.json"),
          Pattern.compile("open_clip_model\\.safetensors"),
          Pattern.compile("[^/]+\\.safetensors"),
          Pattern.compile("pytorch_model\\.bin"),
          Pattern.compile("pytorch_model\\.bin\\.index\\.json"),
          Pattern.compile("[^/]+\\.npz"),
          Pattern.compile("[^/]+\\.(bin|pth|pt)"));

  private static final Pattern SHARD = Pattern.compile("[^/]+-\\d{5}-of-(\\d{5})\\.\\w+");
  private static final String INDEX = ".index.json";

  /**
   * Chooses among the paths of a repository or of a part of it; empty if none holds weights that
   * are read here, or only some of the shards are there.
   */
  static Optional<RepositoryFiles> among(List<String> paths) {
    List<String> whole = paths.stream().filter(Predicate.not(SHARD.asMatchPredicate())).toList();
    return KINDS.stream()
        .flatMap(kind -> whole.stream().filter(kind.asMatchPredicate()).sorted())
        .map(main -> new RepositoryFiles(main, shards(main, paths)))
        .filter(RepositoryFiles::isWhole)
        .findFirst();
  }

  /** Shards say in their names how many they are. */
  private boolean isWhole() {
    if (!main.endsWith(INDEX)) {
      return true;
    }
    return shards.stream()
        .map(SHARD::matcher)
        .filter(Matcher::matches)
        .anyMatch(shard -> Integer.parseInt(shard.group(1)) == shards.size());
  }

  private static List<String> shards(String index, List<String> paths) {
    if (!index.endsWith(INDEX)) {
      return List.of();
    }
    String whole = index.substring(0, index.length() - INDEX.length());
    String stem = whole.substring(0, whole.lastIndexOf('.'));
    String ending = whole.substring(whole.lastIndexOf('.'));
    return paths.stream()
        .filter(SHARD.asMatchPredicate())
        .filter(path -> path.startsWith(stem + "-") && path.endsWith(ending))
        .sorted()
        .toList();
  }
}
