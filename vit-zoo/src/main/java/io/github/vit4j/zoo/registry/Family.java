package io.github.vit4j.zoo.registry;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models that were published together.
 *
 * @param id what {@code vit list --family} takes
 * @param title what people call it
 * @param about what is special about it
 * @param paper what to cite, or null where nothing was written
 * @param facts the publishers' pages that the figures come from
 */
public record Family(
    String id, String title, String about, @Nullable Paper paper, List<URI> facts) {

  /** Copies the list. */
  public Family {
    facts = List.copyOf(facts);
  }
}
