package io.github.vit4j.zoo.registry;

import io.github.vit4j.error.BadInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks addresses: what a client will ask the network for must not surprise anybody. */
final class Addresses {

  static final String MAIN = "main";

  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][\\w./-]{0,95}");
  private static final Pattern FILE = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][\\w./+-]{0,199}");

  private Addresses() {}

  static Address hub(String repository, String revision, String file) {
    if (!REPOSITORY.matcher(repository).matches()) {
      throw new BadInputException(
          "'%s' is no repository of the hub; write owner/name".formatted(repository));
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new BadInputException(
          "'%s' is no revision; write a branch, a tag or a commit".formatted(revision));
    }
    return new Address.HubFile(repository, revision, file(file));
  }

  static Address link(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw badLink(text, e);
    }
    String path = uri.getPath();
    boolean plain =
        "https".equals(uri.getScheme())
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getPort() == -1
            && uri.getQuery() == null
            && uri.getFragment() == null
            && path != null
            && !path.endsWith("/")
            && path.length() > 1
            && uri.normalize().equals(uri);
    if (!plain) {
      throw badLink(text, null);
    }
    return new Address.Link(uri);
  }

  private static BadInputException badLink(String text, @Nullable Exception cause) {
    String message =
        "'%s' is no address of a file; write https://host/path without user, port, query or dots"
            .formatted(text);
    return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
  }

  static Address resource(String name) {
    return new Address.Resource(file(name));
  }

  static Address local(Path folder, String path) {
    try {
      return new Address.LocalFile(folder.resolve(path));
    } catch (InvalidPathException e) {
      throw new BadInputException("'%s' is no path of a file".formatted(path), e);
    }
  }

  private static String file(String file) {
    if (!FILE.matcher(file).matches() || file.endsWith("/") || file.contains("//")) {
      throw new BadInputException(
          "'%s' is no file in a repository; write a relative path without '..'".formatted(file));
    }
    return file;
  }
}
