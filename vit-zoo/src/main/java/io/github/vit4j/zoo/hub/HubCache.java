package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Hugging Face cache that Python's huggingface_hub uses: a file that is there is used, and one
 * that is downloaded here is found by Python.
 *
 * <p>Each download is verified against the hash that the hub names the file by, and appears under
 * its name whole or not at all. Threads and processes that ask for one file at once download it
 * once. May be used by any number of threads.
 *
 * <p>Layout and variables after huggingface_hub 2.0 ({@code file_download.py}, {@code
 * constants.py}).
 */
public final class HubCache implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HubCache.class);

  private final URI endpoint;
  private final Path folder;
  private final @Nullable Offline offline;
  private final boolean symlinks;
  private final TransferOptions options;
  private final HttpCaller http;
  private final HubApi api;
  private final Revisions revisions;
  private final Download download;

  private HubCache(Builder builder) {
    endpoint = HubApi.endpoint(builder.endpoint);
    folder = builder.folder.toAbsolutePath().normalize();
    offline = builder.offline;
    symlinks = builder.symlinks;
    options = builder.options;
    http = new HttpCaller(options, endpoint, builder.token);
    api = new HubApi(endpoint, http, options);
    revisions = new Revisions(api, options, folder, offline);
    download = new Download(http, options, Remedies.HUB, Folders::usableSpace);
  }

  /**
   * The cache that the environment describes: {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code
   * HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE} and the others
   * that huggingface_hub reads.
   *
   * @throws io.github.vit4j.error.BadInputException if a variable makes no sense
   */
  public static HubCache fromEnvironment() {
    return builder().build();
  }

  /** A builder that starts from the environment. */
  public static Builder builder() {
    return new Builder(Environment.ofProcess());
  }

  /**
   * The file's path in the cache, after downloading it if need be.
   *
   * <p>A commit's file that is here needs no network. For a branch or a tag the hub is asked where
   * it stands; if it cannot be reached or denies access, what was last seen is used.
   *
   * @return {@code .../snapshots/<commit>/<path>}
   * @throws HubException if the file is neither here nor to be had
   */
  public Path fetch(HubFile file) {
    return Guard.run(file.toString(), folder, () -> locate(file, List.of(), options.retries()));
  }

  /**
   * Several files of a revision, all of one commit: the one that a branch or a tag stands at now,
   * noted once all of them are here. If not all can be had because the hub cannot be reached or
   * denies access, they are all of the commit that was last seen, as far as that is here.
   *
   * @param choice the files to bring, given the paths of all that there are; empty if something
   *     needed is not among them
   * @return the paths, in the order of the choice; empty if it is
   * @throws io.github.vit4j.error.BadInputException if repository or revision could not be one
   * @throws HubException if a file is neither here nor to be had
   */
  public List<Path> fetchAll(
      String repo, String revision, Function<List<String>, List<String>> choice) {
    RepoFolder local = checked(repo, revision);
    Revisions.Seen here =
        Guard.run(listOf(repo, revision), folder, () -> Revisions.Seen.of(local, revision, choice));
    HubApi.Revision now =
        Guard.run(
            listOf(repo, revision),
            folder,
            () -> revisions.standing(local, repo, revision, !here.paths().isEmpty()));
    List<String> wanted = choice.apply(now.paths());
    if (wanted.isEmpty()) {
      return List.of();
    }
    boolean fallsBack = !here.paths().isEmpty() && !here.commit().equals(now.commit());
    // with something to fall back on, there is no point in keeping the user waiting
    int retries = fallsBack ? 0 : options.retries();
    List<Path> paths = new ArrayList<>();
    for (String path : wanted) {
      HubFile file = new HubFile(repo, now.commit(), path);
      try {
        String what = new HubFile(repo, revision, path).toString();
        paths.add(Guard.run(what, folder, () -> locate(file, List.of(), retries)));
      } catch (HubException e) {
        boolean passes = e.getCause() instanceof Failure f && f.saysNothingOfTheFile();
        if (!fallsBack || !passes) {
          throw e;
        }
        LOG.warn("using the files of {}, which may be older: {}", here.commit(), e.getMessage());
        return here.paths();
      }
    }
    local.remember(revision, now.commit());
    return paths;
  }

  /**
   * As {@link #fetch(HubFile)}, and the content must have this SHA-256. A file that was verified
   * once is read again only if its size or time stamp changed.
   *
   * @throws HubException also if the content is another; a file that was there is left alone
   */
  public Path fetch(HubFile file, Checksum checksum) {
    Objects.requireNonNull(checksum, "checksum");
    List<Expected> checks = List.of(Expected.sha256(checksum.sha256(), "the checksum asked for"));
    return Guard.run(
        file.toString(),
        folder,
        () -> {
          Path path = locate(file, checks, options.retries());
          requireContent(path, checks.get(0));
          return path;
        });
  }

  /** The file's path if it is here; asks nobody. */
  public Optional<Path> cached(HubFile file) {
    return repo(file.repo()).cached(file);
  }

  /**
   * The paths of all files of a revision, as the hub lists them; offline, and if the hub cannot be
   * reached, those that are here.
   *
   * @throws io.github.vit4j.error.BadInputException if repository or revision could not be one
   * @throws HubException if there is nothing to be told
   */
  public List<String> list(String repo, String revision) {
    RepoFolder local = checked(repo, revision);
    return Guard.run(
        listOf(repo, revision),
        folder,
        () -> revisions.listed(local, repo, revision, true).paths());
  }

  /**
   * The paths of the files of a revision that are here; asks nobody.
   *
   * @throws io.github.vit4j.error.BadInputException if repository or revision could not be one
   */
  public List<String> cached(String repo, String revision) {
    RepoFolder local = checked(repo, revision);
    return Guard.run(listOf(repo, revision), folder, () -> local.files(revision));
  }

  /** Where the cache lies. */
  public Path folder() {
    return folder;
  }

  /** The hub's address. */
  public URI endpoint() {
    return endpoint;
  }

  /** Ends idle connections; files stay valid. */
  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "HubCache[" + folder + ", " + endpoint + (offline == null ? "]" : ", offline]");
  }

  private Path locate(HubFile file, List<Expected> checks, int patience)
      throws Failure, InterruptedException, IOException {
    RepoFolder repo = repo(file.repo());
    Optional<Path> here = repo.cached(file);
    if (here.isPresent() && (offline != null || HubFile.isCommit(file.revision()))) {
      return here.get();
    }
    if (offline != null) {
      throw Failure.lasting(
          Reason.OFFLINE,
          null,
          "it is not in " + folder + " and " + offline.why(),
          offline.remedy()
              + ", or on a machine with network run 'hf download "
              + file.repo()
              + " "
              + file.path()
              + " --revision "
              + file.revision()
              + "' and copy its cache folder here");
    }
    try {
      // with something to fall back on, there is no point in keeping the user waiting
      int retries = here.isPresent() ? 0 : patience;
      HubApi.RemoteFile remote =
          Retries.run(file.path(), options, retries, () -> api.describe(file, repo));
      return bring(file, remote, repo, checks);
    } catch (Failure failure) {
      if (here.isEmpty() || !failure.saysNothingOfTheFile()) {
        throw failure;
      }
      LOG.warn("using {}, which may be older: {}", here.get(), failure.getMessage());
      return here.get();
    }
  }

  private Path bring(HubFile file, HubApi.RemoteFile remote, RepoFolder repo, List<Expected> checks)
      throws Failure, InterruptedException, IOException {
    Path pointer = repo.pointer(remote.commit(), file.path());
    if (!Files.isRegularFile(pointer)) {
      String blobName = remote.tag().blobName();
      try (NamedLock lock =
          NamedLock.acquire(repo.lock(blobName), Shown.text(file.path()), options.listener())) {
        if (!Files.isRegularFile(pointer)) {
          Path blob = repo.blob(blobName);
          boolean isNew = !isWhole(blob, remote.size());
          if (isNew) {
            String distinction = lock.isAcrossProcesses() ? "" : "." + Folders.token();
            Partial partial = Partial.namedByContent(repo.partial(blobName, distinction));
            List<Expected> all = new ArrayList<>(remote.tag().checks());
            all.addAll(checks);
            URI address = api.content(file, remote.commit());
            Map<Digest, String> hashes =
                download.run(
                    new Download.Wanted(file.path(), address, remote.size(), all), partial, blob);
            repo.link(blob, pointer, true);
            pin(pointer, String.valueOf(hashes.get(Digest.SHA256)));
          } else {
            repo.link(blob, pointer, false);
          }
        }
      }
    }
    repo.remember(file.revision(), remote.commit());
    return pointer;
  }

  /** A blob that an older tool left behind unfinished is no blob. */
  private static boolean isWhole(Path blob, long size) throws IOException {
    return Files.isRegularFile(blob) && (size < 0 || Files.size(blob) == size);
  }

  private void requireContent(Path path, Expected expected)
      throws Failure, InterruptedException, IOException {
    Path pinFile = pinFile(path);
    Pin pin = Pin.read(pinFile);
    if (pin == null || !pin.fits(path)) {
      String sha256 = Digest.of(path, List.of(Digest.SHA256)).get(Digest.SHA256);
      pin = Pin.of(path, "", String.valueOf(sha256));
      pin.write(pinFile);
    }
    Map<Digest, String> hashes = Map.of(Digest.SHA256, pin.sha256());
    if (!expected.agrees(hashes)) {
      throw Failure.lasting(
          Reason.CORRUPT,
          null,
          path + " is not the file asked for: " + expected.against(hashes),
          "remove it and the blob that it links to if it is broken, or ask for the revision that"
              + " the checksum belongs to");
    }
  }

  private void pin(Path path, String sha256) throws IOException {
    Pin.of(path, "", sha256).write(pinFile(path));
  }

  /** Beside the locks, where huggingface_hub's tools do not look for models. */
  private Path pinFile(Path pointer) {
    return folder.resolve(".locks").resolve("vit4j").resolve(folder.relativize(pointer) + ".json");
  }

  private RepoFolder checked(String repo, String revision) {
    HubFile.requireRepo(repo);
    HubFile.requireRevision(revision);
    return repo(repo);
  }

  private static String listOf(String repo, String revision) {
    return "the list of files of " + repo + " (" + revision + ")";
  }

  private RepoFolder repo(String repo) {
    return new RepoFolder(folder, repo, symlinks);
  }

  /** What {@link #builder} starts from the environment and a program may change. */
  public static final class Builder {

    private String endpoint;
    private Path folder;
    private @Nullable String token;
    private @Nullable Offline offline;
    private boolean symlinks;
    private TransferOptions options;

    Builder(Environment environment) {
      endpoint = environment.endpoint();
      folder = environment.hubCache();
      token = environment.token();
      offline = environment.offline();
      symlinks = !environment.isTrue("HF_HUB_DISABLE_SYMLINKS");
      options = TransferOptions.fromEnvironment(environment);
    }

    /** The hub or a mirror of it; default {@code HF_ENDPOINT}, else https://huggingface.co. */
    public Builder endpoint(URI address) {
      endpoint = address.toString();
      return this;
    }

    /** Where files lie; default {@code HF_HUB_CACHE}, else {@code $HF_HOME/hub}. */
    public Builder folder(Path cacheFolder) {
      folder = Objects.requireNonNull(cacheFolder, "cacheFolder");
      return this;
    }

    /** Sent to the endpoint and to no other host; null or empty for none. */
    public Builder token(@Nullable String hubToken) {
      token = Environment.cleaned(hubToken);
      return this;
    }

    /**
     * Whether to make do with what is here; default {@code HF_HUB_OFFLINE}, else {@code
     * TRANSFORMERS_OFFLINE}.
     */
    public Builder offline(boolean stayOffline) {
      offline = stayOffline ? Offline.BY_PROGRAM : null;
      return this;
    }

    /** Whether snapshots link to blobs where the system can; default true. */
    public Builder symlinks(boolean link) {
      symlinks = link;
      return this;
    }

    /** How patient downloads are, and who is told. */
    public Builder options(TransferOptions transferOptions) {
      options = Objects.requireNonNull(transferOptions, "transferOptions");
      return this;
    }

    /**
     * @throws io.github.vit4j.error.BadInputException if the endpoint is no web address
     */
    public HubCache build() {
      return new HubCache(this);
    }
  }
}
