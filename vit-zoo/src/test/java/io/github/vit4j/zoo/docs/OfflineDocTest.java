package io.github.vit4j.zoo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.zoo.hub.Checksum;
import io.github.vit4j.zoo.hub.DirectLinks;
import io.github.vit4j.zoo.hub.HubCache;
import io.github.vit4j.zoo.hub.HubException;
import io.github.vit4j.zoo.hub.HubFile;
import io.github.vit4j.zoo.hub.TransferListener;
import io.github.vit4j.zoo.hub.TransferOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/offline.md compiles, and the part without network runs. */
class OfflineDocTest {

  @Test
  void thePageShowsThisCode() throws IOException {
    DocSnippets.assertCompiled("offline.md", OfflineDocTest.class);
  }

  @Test
  void aCopiedCacheIsRead(@TempDir Path copied) throws IOException {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Path repo = copied.resolve("models--google--vit-base-patch16-224");
    Path snapshot = Files.createDirectories(repo.resolve("snapshots/" + commit));
    Path weights = Files.writeString(snapshot.resolve("model.safetensors"), "x");
    Files.createDirectories(repo.resolve("refs"));
    Files.writeString(repo.resolve("refs/main"), commit);

    assertThat(copied(copied)).isEqualTo(weights);
  }

  static Path fetch() {
    // docs: fetch
    try (HubCache hub = HubCache.fromEnvironment()) {
      List<String> files = hub.list("google/vit-base-patch16-224", "main");
      Path weights = hub.fetch(HubFile.of("google/vit-base-patch16-224", "model.safetensors"));
      System.out.println(weights + " is one of " + files);
      return weights;
    }
    // docs: end
  }

  static Path pinned(String commit, String sha256) {
    try (HubCache hub = HubCache.fromEnvironment()) {
      // docs: pinned
      HubFile file = new HubFile("google/vit-base-patch16-224", commit, "model.safetensors");
      Path weights = hub.fetch(file, Checksum.sha256(sha256));
      // docs: end
      return weights;
    }
  }

  static Path link() {
    // docs: link
    URI address =
        URI.create("https://dl.fbaipublicfiles.com/deit/deit_tiny_patch16_224-a1311bcf.pth");
    try (DirectLinks links = DirectLinks.fromEnvironment()) {
      return links.fetch(address);
    }
    // docs: end
  }

  static Path copied(Path folder) {
    // docs: copied
    try (HubCache hub = HubCache.builder().folder(folder).offline(true).build()) {
      return hub.fetch(HubFile.of("google/vit-base-patch16-224", "model.safetensors"));
    }
    // docs: end
  }

  static HubCache mirror() {
    // docs: mirror
    TransferOptions patient =
        TransferOptions.fromEnvironment()
            .withRetries(10)
            .withStallTimeout(Duration.ofMinutes(1))
            .withListener(TransferListener.logging());
    HubCache hub =
        HubCache.builder()
            .endpoint(URI.create("https://hf-mirror.example"))
            .token(null)
            .options(patient)
            .build();
    // docs: end
    return hub;
  }

  static String failed(HubCache hub, HubFile file) {
    // docs: failed
    try {
      return "found " + hub.fetch(file);
    } catch (HubException e) {
      return switch (e.reason()) {
        case NOT_FOUND -> "no such file";
        case DENIED -> "a token is missing, or a licence is not accepted";
        case OFFLINE, NETWORK -> "try again with a better connection";
        case CORRUPT, DISK, INTERRUPTED -> "failed: " + e.getMessage();
      };
    }
    // docs: end
  }
}
