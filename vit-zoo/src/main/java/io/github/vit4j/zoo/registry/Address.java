package io.github.vit4j.zoo.registry;

import java.net.URI;
import java.nio.file.Path;

/** Where a file of weights lies. */
public sealed interface Address {

  /** {@return the name of the file, without folders} */
  String fileName();

  /** {@return the address as people write it} */
  String text();

  /**
   * A file in a repository of the Hugging Face hub.
   *
   * @param repository owner/name
   * @param revision branch, tag or commit
   * @param file path inside the repository
   */
  record HubFile(String repository, String revision, String file) implements Address {

    @Override
    public String fileName() {
      return afterLastSlash(file);
    }

    @Override
    public String text() {
      String at = revision.equals(Addresses.MAIN) ? "" : "@" + revision;
      return "hf:" + repository + at + "/" + file;
    }
  }

  /**
   * A file on the web.
   *
   * @param uri an https address
   */
  record Link(URI uri) implements Address {

    @Override
    public String fileName() {
      return afterLastSlash(uri.getPath());
    }

    @Override
    public String text() {
      return uri.toString();
    }
  }

  /**
   * A file on this machine.
   *
   * @param path where it is; in a file of entries it is relative to that file
   */
  record LocalFile(Path path) implements Address {

    @Override
    public String fileName() {
      return String.valueOf(path.getFileName());
    }

    @Override
    public String text() {
      return path.toString();
    }
  }

  /**
   * A file inside this library.
   *
   * @param name as {@link io.github.vit4j.zoo.ViTZoo} finds it
   */
  record Resource(String name) implements Address {

    @Override
    public String fileName() {
      return name;
    }

    @Override
    public String text() {
      return "inside this library: " + name;
    }
  }

  private static String afterLastSlash(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
