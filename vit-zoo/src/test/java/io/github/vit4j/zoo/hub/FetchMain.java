package io.github.vit4j.zoo.hub;

import java.net.URI;
import java.util.Map;

/** Fetches one file in a process of its own. */
final class FetchMain {

  private FetchMain() {}

  public static void main(String[] args) {
    HubCache.Builder builder =
        new HubCache.Builder(new Environment(Map.of("HF_HUB_CACHE", args[1])));
    try (HubCache hub = builder.endpoint(URI.create(args[0])).options(FakeHub.options()).build()) {
      System.out.println(hub.fetch(FakeHub.LARGE));
    }
  }
}
