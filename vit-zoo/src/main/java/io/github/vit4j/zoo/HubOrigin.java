package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.hub.HubCache;
import io.github.vit4j.zoo.hub.HubFile;
import io.github.vit4j.zoo.names.SavedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A repository of the Hugging Face hub.
 *
 * @param repository owner/name
 * @param revision branch, tag or commit
 */
record HubOrigin(String repository, String revision) implements Origin {

  private static final String MAIN = "main";
  private static final String CONFIG = "config.json";

  /** Files that describe a model; each is fetched where the repository has it. */
  private static final List<String> DESCRIPTIONS =
      List.of(CONFIG, "preprocessor_config.json", "processor_config.json", "labels.txt");

  /** Reads {@code owner/name} or {@code owner/name@revision}. */
  static HubOrigin parse(String text) {
    int at = text.indexOf('@');
    String repository = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? MAIN : text.substring(at + 1);
    HubFile checked = new HubFile(repository, revision, CONFIG);
    return new HubOrigin(checked.repo(), checked.revision());
  }

  @Override
  public ModelFiles files(Downloads downloads) {
    HubCache hub = downloads.hub();
    List<Path> files = hub.fetchAll(repository, revision, HubOrigin::chosen);
    if (files.isEmpty()) {
      throw new BadInputException(
          "%s has no checkpoint that is read here (safetensors, PyTorch, npz) with all its parts;"
                  .formatted(text())
              + " its files are "
              + hub.list(repository, revision).stream().limit(20).toList());
    }
    return new ModelFiles(files.get(files.size() - 1));
  }

  /** What describes the model, and its weights, whose main file comes last; empty without any. */
  static List<String> chosen(List<String> there) {
    List<String> chosen = new ArrayList<>();
    RepositoryFiles.among(there)
        .ifPresent(
            weights -> {
              DESCRIPTIONS.stream().filter(there::contains).forEach(chosen::add);
              chosen.addAll(weights.shards());
              chosen.add(weights.main());
            });
    return chosen;
  }

  @Override
  public boolean isHere(Downloads downloads) {
    List<String> here = downloads.hub().cached(repository, revision);
    Optional<String> weights = RepositoryFiles.among(here).map(RepositoryFiles::main);
    return weights.isPresent() && (here.contains(CONFIG) || saysWhatItIs(downloads, weights.get()));
  }

  /** A checkpoint that we wrote needs no description beside it. */
  private boolean saysWhatItIs(Downloads downloads, String weights) {
    Path file = downloads.hub().cached(new HubFile(repository, revision, weights)).orElse(null);
    if (file == null) {
      return false;
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      return SavedModel.config(checkpoint).isPresent();
    } catch (BadInputException e) {
      return false; // loading says what is wrong with it
    }
  }

  @Override
  public String text() {
    return revision.equals(MAIN) ? repository : repository + "@" + revision;
  }
}
