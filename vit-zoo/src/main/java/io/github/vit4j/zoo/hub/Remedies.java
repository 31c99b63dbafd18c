package io.github.vit4j.zoo.hub;

import java.nio.file.Path;

/**
 * What helps where a server refuses. The hub knows tokens and has mirrors; nobody else is sent a
 * token, so advice to set one would lead nowhere.
 *
 * @param denied against 401 and 403
 * @param limits what raises a server's limits, after a semicolon, or nothing
 * @param trouble what to do while it fails
 */
record Remedies(String denied, String limits, String trouble) {

  static final Remedies HUB =
      new Remedies(
          "set HF_TOKEN to a token that may read it, and if its authors ask for it accept the"
              + " licence on the model's page; a repository that does not exist answers the same",
          "; a token (HF_TOKEN) raises the hub's limits",
          "try again later or use a mirror (HF_ENDPOINT)");

  /** For plain links, whose files lie in that folder. */
  static Remedies ofLinks(Path folder) {
    return new Remedies(
        "bring it in a way that the server allows, as with a browser, and put it into " + folder,
        "",
        "try again later");
  }
}
