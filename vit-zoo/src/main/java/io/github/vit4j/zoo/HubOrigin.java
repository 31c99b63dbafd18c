package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.HubFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A repository of the Hugging Face hub.
 *
 * @param repository owner/name
 * @param revision branch, tag or commit
 */
record HubOrigin(String repository, String revision) implements Origin {

  private static final String MAIN = "main";

  /** Files that describe a model; each is fetched where the repository has it. */
  private static final List<String> DESCRIPTIONS =
      List.of("config.json", "preprocessor_config.json", "labels.txt");

  /** Reads {@code owner/name} or {@code owner/name@revision}. */
  static HubOrigin parse(String text) {
    int at = text.indexOf('@');
    String repository = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? MAIN : text.substring(at + 1);
    HubFile checked = new HubFile(repository, revision, DESCRIPTIONS.get(0));
    return new HubOrigin(checked.repo(), checked.revision());
  }

  @Override
  public ModelFiles files(Downloads downloads) {
    List<String> there = downloads.hub().list(repository, revision);
    RepositoryFiles weights =
        RepositoryFiles.among(there)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s has no checkpoint that is read here (safetensors, PyTorch, npz); its"
                                .formatted(text())
                            + " files are "
                            + there.stream().limit(20).toList()));
    DESCRIPTIONS.stream().filter(there::contains).forEach(file -> fetch(downloads, file));
    Path main = fetch(downloads, weights.main());
    weights.shards().forEach(file -> fetch(downloads, file));
    return new ModelFiles(main);
  }

  @Override
  public boolean isHere(Downloads downloads) {
    return Stream.of("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json")
        .anyMatch(
            name -> downloads.hub().cached(new HubFile(repository, revision, name)).isPresent());
  }

  private Path fetch(Downloads downloads, String file) {
    return downloads.hub().fetch(new HubFile(repository, revision, file));
  }

  @Override
  public String text() {
    return revision.equals(MAIN) ? repository : repository + "@" + revision;
  }
}
