package io.github.vit4j.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository's part of the cache, laid out as huggingface_hub does: {@code blobs/<etag>} holds
 * content, {@code snapshots/<commit>/<path>} links to it, {@code refs/<revision>} holds the commit
 * that a branch or tag was last seen at, {@code .no_exist/<commit>/<path>} remembers what the hub
 * has not.
 */
final class RepoFolder {

  private static final Logger LOG = LoggerFactory.getLogger(RepoFolder.class);
  private static final int LONGEST_REF = 256;
  private static final int MOST_FILES = 100_000;

  private final Path root;
  private final Path locks;
  private final boolean symlinks;

  RepoFolder(Path cache, String repo, boolean symlinks) {
    String name = "models--" + repo.replace("/", "--");
    this.root = cache.resolve(name);
    this.locks = cache.resolve(".locks").resolve(name);
    this.symlinks = symlinks;
  }

  Path blob(String name) {
    return root.resolve("blobs").resolve(name);
  }

  /** Python's unfinished files end the same way, so its tools show and clear ours, too. */
  Path partial(String blobName, String distinction) {
    return root.resolve("blobs").resolve(blobName + distinction + ".vit4j.incomplete");
  }

  /** The lock file that huggingface_hub takes for the same blob. */
  Path lock(String blobName) {
    return locks.resolve(blobName + ".lock");
  }

  Path pointer(String commit, String path) {
    return root.resolve("snapshots").resolve(commit).resolve(path);
  }

  /** The commit that a revision was last seen at, or that it is. */
  Optional<String> commit(String revision) {
    if (HubFile.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = root.resolve("refs").resolve(revision);
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(ref)) {
      String commit = new String(in.readNBytes(LONGEST_REF), StandardCharsets.US_ASCII).strip();
      return Optional.of(commit).filter(HubFile::isCommit);
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", ref, e.getMessage());
      return Optional.empty();
    }
  }

  /** The file at the commit that the revision was last seen at. */
  Optional<Path> cached(HubFile file) {
    return commit(file.revision())
        .map(commit -> pointer(commit, file.path()))
        .filter(Files::isRegularFile);
  }

  /** The files of a revision that are here, as paths inside the repository, sorted. */
  List<String> files(String revision) throws IOException {
    Path snapshot = commit(revision).map(commit -> pointer(commit, "")).orElse(null);
    if (snapshot == null || !Files.isDirectory(snapshot)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(snapshot)) {
      return all.filter(Files::isRegularFile)
          .limit(MOST_FILES)
          .map(path -> snapshot.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Notes the commit of a branch or a tag; a cache that cannot be written does without. */
  void remember(String revision, String commit) {
    if (HubFile.isCommit(revision) || commit(revision).filter(commit::equals).isPresent()) {
      return;
    }
    try {
      Folders.write(root.resolve("refs").resolve(revision), commit);
    } catch (IOException e) {
      LOG.warn("{} cannot note that {} is {}: {}", root, revision, commit, e.getMessage());
    }
  }

  /** Notes that a commit has no such file, as huggingface_hub does for those who ask often. */
  void rememberMissing(HubFile file, String commit) {
    Path mark = root.resolve(".no_exist").resolve(commit).resolve(file.path());
    try {
      if (!Files.exists(mark)) {
        Folders.write(mark, "");
      }
      remember(file.revision(), commit);
    } catch (IOException e) {
      LOG.debug("{} was not written: {}", mark, e.getMessage());
    }
  }

  /** Makes a blob visible under its path; where links cannot be made, moves or copies it there. */
  void link(Path blob, Path pointer, boolean isNewBlob) throws IOException {
    Folders.create(Folders.of(pointer));
    if (Files.isSymbolicLink(pointer) && !Files.exists(pointer)) {
      Files.delete(pointer); // its blob is gone
    }
    if (symlinks && linked(blob, pointer)) {
      return;
    }
    if (isNewBlob) {
      Folders.move(blob, pointer);
      return;
    }
    Path copy = blob.resolveSibling(blob.getFileName() + "." + Folders.token() + ".incomplete");
    try {
      Files.copy(blob, copy, StandardCopyOption.REPLACE_EXISTING);
      Folders.move(copy, pointer);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static boolean linked(Path blob, Path pointer) throws IOException {
    try {
      Files.createSymbolicLink(pointer, Folders.of(pointer).relativize(blob.toAbsolutePath()));
      return true;
    } catch (FileAlreadyExistsException e) {
      if (Files.exists(pointer)) {
        return true; // Python or another Java process was faster, under a lock that ours does not
        // see
      }
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      LOG.debug("{} cannot be a link ({}), so it is a file", pointer, e.getMessage());
      return false;
    }
  }
}
