package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where revisions stand and which files they have: as the hub says, or as was last seen. */
final class Revisions {

  /** What is chosen of the commit that a revision was last seen at. */
  record Seen(String commit, List<Path> paths) {

    static Seen of(RepoFolder local, String revision, Function<List<String>, List<String>> choice)
        throws IOException {
      String commit = local.commit(revision).orElse("");
      List<String> paths = commit.isEmpty() ? List.of() : choice.apply(local.files(commit));
      return new Seen(commit, paths.stream().map(path -> local.pointer(commit, path)).toList());
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Revisions.class);

  private final HubApi api;
  private final TransferOptions options;
  private final Path folder;
  private final @Nullable Offline offline;

  Revisions(HubApi api, TransferOptions options, Path folder, @Nullable Offline offline) {
    this.api = api;
    this.options = options;
    this.folder = folder;
    this.offline = offline;
  }

  /** As listed, with the commit: where a mirror's list does not name it, a file's head does. */
  HubApi.Revision standing(RepoFolder local, String repo, String revision, boolean mayBeOld)
      throws Failure, InterruptedException, IOException {
    HubApi.Revision listed = listed(local, repo, revision, mayBeOld);
    if (!listed.commit().isEmpty() || listed.paths().isEmpty()) {
      return listed;
    }
    HubFile any = new HubFile(repo, revision, listed.paths().get(0));
    HubApi.RemoteFile described =
        Retries.run(any.path(), options, options.retries(), () -> api.describe(any, local));
    return new HubApi.Revision(described.commit(), listed.paths());
  }

  /**
   * All files of a revision.
   *
   * @param mayBeOld whether what is here may stand in for a hub that does not answer
   */
  HubApi.Revision listed(RepoFolder local, String repo, String revision, boolean mayBeOld)
      throws Failure, InterruptedException, IOException {
    String seen = local.commit(revision).orElse("");
    HubApi.Revision here =
        new HubApi.Revision(seen, seen.isEmpty() ? List.of() : local.files(seen));
    if (offline != null) {
      if (here.paths().isEmpty()) {
        throw Failure.lasting(
            Reason.OFFLINE,
            null,
            "nothing of it is in " + folder + " and " + offline.why(),
            offline.remedy() + ", or copy the cache of a machine that has it");
      }
      return here;
    }
    boolean mayFallBack = mayBeOld && !here.paths().isEmpty();
    try {
      int retries = mayFallBack ? 0 : options.retries();
      return Retries.run(repo, options, retries, () -> api.files(repo, revision));
    } catch (Failure failure) {
      if (!mayFallBack || !failure.saysNothingOfTheFile()) {
        throw failure;
      }
      LOG.warn("listing what is here of {}: {}", repo, failure.getMessage());
      return here;
    }
  }
}
