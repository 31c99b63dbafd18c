package io.github.vit4j.zoo.registry;

import java.net.URI;

/**
 * The paper to cite.
 *
 * @param title its title
 * @param authors the first author and whether there are others, or all of them
 * @param year when it first appeared
 * @param link where it is
 */
public record Paper(String title, String authors, int year, URI link) {

  /** {@return one line to cite it by} */
  public String citation() {
    return "%s: %s (%d), %s".formatted(authors, title, year, link);
  }
}
