package io.github.vit4j.zoo.hub;

import io.github.vit4j.error.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One file of one revision of a model repository on the Hugging Face hub.
 *
 * @param repo {@code organisation/name}, or {@code name} alone
 * @param revision a branch, a tag, or a commit's 40 hexadecimal digits; {@code main} is the default
 * @param path the file's path inside the repository, with {@code /} between folders
 */
public record HubFile(String repo, String revision, String path) {

  private static final Pattern REPO_PART = Pattern.compile("\\w(?:[\\w.-]*\\w)?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int LONGEST_REPO = 96;
  private static final int LONGEST_PATH = 1024;
  private static final int LONGEST_SEGMENT = 255;

  /**
   * @throws BadInputException if one of the three could not be what it says, or would lead out of
   *     the cache
   */
  public HubFile {
    requireRepo(repo);
    requireRevision(revision);
    requirePath("file name", path);
  }

  /** The file at the head of {@code main}. */
  public static HubFile of(String repo, String path) {
    return new HubFile(repo, "main", path);
  }

  @Override
  public String toString() {
    return path + " of " + repo + " (" + revision + ")";
  }

  static void requireRepo(String repo) {
    Objects.requireNonNull(repo, "repo");
    String[] parts = repo.split("/", -1);
    boolean good =
        parts.length <= 2
            && repo.length() <= LONGEST_REPO
            && !repo.contains("--")
            && !repo.contains("..")
            && !repo.endsWith(".git");
    for (String part : parts) {
      good &= REPO_PART.matcher(part).matches();
    }
    if (!good) {
      throw new BadInputException(
          "'"
              + Shown.text(repo)
              + "' is no repository; write organisation/name with letters, digits, '-', '_' and '.'"
              + " (no '--', no '..', at most "
              + LONGEST_REPO
              + " characters)");
    }
  }

  static void requireRevision(String revision) {
    requirePath("revision", revision);
    if (revision.startsWith("-") || revision.chars().anyMatch(c -> " ~^?*[".indexOf(c) >= 0)) {
      throw new BadInputException(
          "'" + Shown.text(revision) + "' is no revision; name a branch, a tag or a commit");
    }
  }

  /** Whether the text is a whole commit hash, which no later push can move. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Whether the text stays inside the folder that it is resolved against, on every system. */
  static boolean isSafePath(String path) {
    if (path.isEmpty() || path.length() > LONGEST_PATH) {
      return false;
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
        return false;
      }
    }
    return path.codePoints().allMatch(c -> Shown.isPrintable(c) && c != '\\' && c != ':');
  }

  private static void requirePath(String what, String path) {
    Objects.requireNonNull(path, what);
    if (!isSafePath(path)) {
      throw new BadInputException(
          "'"
              + Shown.text(path)
              + "' is no "
              + what
              + "; it must be relative, with '/' between names, without '..', '\\', ':' or control"
              + " characters");
    }
  }
}
