package io.github.vit4j.zoo;

import io.github.vit4j.zoo.hub.DirectLinks;
import io.github.vit4j.zoo.hub.HubCache;
import org.jspecify.annotations.Nullable;

/**
 * The two ways to fetch files. What the caller gave stays the caller's; what is made here, at the
 * first file that needs it, is closed here.
 */
final class Downloads implements AutoCloseable {

  private final @Nullable HubCache givenHub;
  private final @Nullable DirectLinks givenLinks;
  private @Nullable HubCache ownHub;
  private @Nullable DirectLinks ownLinks;

  Downloads(@Nullable HubCache hub, @Nullable DirectLinks links) {
    givenHub = hub;
    givenLinks = links;
  }

  HubCache hub() {
    if (givenHub != null) {
      return givenHub;
    }
    if (ownHub == null) {
      ownHub = HubCache.fromEnvironment();
    }
    return ownHub;
  }

  DirectLinks links() {
    if (givenLinks != null) {
      return givenLinks;
    }
    if (ownLinks == null) {
      ownLinks = DirectLinks.fromEnvironment();
    }
    return ownLinks;
  }

  @Override
  public void close() {
    if (ownHub != null) {
      ownHub.close();
    }
    if (ownLinks != null) {
      ownLinks.close();
    }
  }
}
