package io.github.vit4j.zoo.hub;

import static io.github.vit4j.zoo.hub.FakeHub.COMMIT;
import static io.github.vit4j.zoo.hub.FakeHub.CONFIG;
import static io.github.vit4j.zoo.hub.FakeHub.CONFIG_SHA1;
import static io.github.vit4j.zoo.hub.FakeHub.LARGE;
import static io.github.vit4j.zoo.hub.FakeHub.REPO;
import static io.github.vit4j.zoo.hub.FakeHub.SMALL;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS_SHA256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache is the one that huggingface_hub 2.0 reads and writes. */
class CacheLayoutTest {

  @TempDir Path temp;
  private Path folder;
  private Path repo;
  private FakeHub server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeHub();
    folder = temp.resolve("hub");
    repo = folder.resolve("models--org--vit-tiny");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void downloadIsLaidOutAsPythonDoes() throws IOException {
    try (HubCache hub = server.cache(folder).build()) {
      Path large = hub.fetch(LARGE);
      Path small = hub.fetch(SMALL);

      assertThat(large).isEqualTo(repo.resolve("snapshots/" + COMMIT + "/model.safetensors"));
      assertThat(Files.readSymbolicLink(large)).isEqualTo(Path.of("../../blobs/" + WEIGHTS_SHA256));
      assertThat(large).hasBinaryContent(WEIGHTS);
      assertThat(Files.readSymbolicLink(small)).isEqualTo(Path.of("../../blobs/" + CONFIG_SHA1));
      assertThat(small).hasBinaryContent(CONFIG);
    }
    assertThat(repo.resolve("refs/main")).hasContent(COMMIT);
    assertThat(names(repo.resolve("blobs"))).containsExactlyInAnyOrder(WEIGHTS_SHA256, CONFIG_SHA1);
    assertThat(names(folder)).containsExactlyInAnyOrder(".locks", "models--org--vit-tiny");
    assertThat(folder.resolve(".locks/models--org--vit-tiny/" + WEIGHTS_SHA256 + ".lock")).exists();
  }

  @Test
  void aFileInAFolderLinksOneLevelFurtherUp() throws IOException {
    try (HubCache hub = server.cache(folder).build()) {
      Path path = hub.fetch(HubFile.of(REPO, "timm/small/config.json"));
      assertThat(Files.readSymbolicLink(path))
          .isEqualTo(Path.of("../../../../blobs/" + CONFIG_SHA1));
    }
  }

  @Test
  void whatPythonDownloadedIsUsedWithoutAnyRequest() throws IOException {
    asPythonWould("model.safetensors", "anything".getBytes(), WEIGHTS_SHA256);

    try (HubCache hub = server.cache(folder).offline(true).build()) {
      assertThat(hub.fetch(LARGE)).hasContent("anything");
      assertThat(hub.cached(LARGE)).isPresent();
      assertThat(hub.cached(SMALL)).isEmpty();
      assertThat(hub.list(REPO, "main")).containsExactly("model.safetensors");
    }
    try (HubCache hub = server.cache(folder).build()) {
      HubFile byCommit = new HubFile(REPO, COMMIT, "model.safetensors");
      assertThat(hub.fetch(byCommit)).hasContent("anything");
    }
    assertThat(server.hub.requests()).isEmpty();
  }

  @Test
  void aBranchIsAskedForOnceAndItsBytesNever() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);

    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
    }
    assertThat(server.hub.requests()).hasSize(1);
    assertThat(server.bodiesAsked()).isZero();
  }

  @Test
  void aBlobOfAnotherCommitIsLinkedNotFetched() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);
    Path older = repo.resolve("snapshots/" + "f".repeat(40));
    Files.move(repo.resolve("snapshots/" + COMMIT), older);
    Files.writeString(repo.resolve("refs/main"), "f".repeat(40));

    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
    }
    assertThat(server.bodiesAsked()).isZero();
    assertThat(repo.resolve("refs/main")).hasContent(COMMIT);
    assertThat(older.resolve("model.safetensors")).exists();
  }

  @Test
  void aLinkToAMissingBlobIsMended() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);
    Files.delete(repo.resolve("blobs/" + WEIGHTS_SHA256));

    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.cached(LARGE)).isEmpty();
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
    }
  }

  @Test
  void withoutSymbolicLinksTheFileItselfLiesInTheSnapshot() throws IOException {
    try (HubCache hub = server.cache(folder).symlinks(false).build()) {
      Path large = hub.fetch(LARGE);
      assertThat(large).isRegularFile().hasBinaryContent(WEIGHTS);
      assertThat(Files.isSymbolicLink(large)).isFalse();
      hub.fetch(LARGE);
    }
    assertThat(names(repo.resolve("blobs"))).isEmpty();
    assertThat(server.bodiesAsked()).isEqualTo(1);
  }

  @Test
  void aCacheBehindALinkWorks() throws IOException {
    Path real = Files.createDirectory(temp.resolve("big-disk"));
    Files.createSymbolicLink(folder, real);
    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
    }
  }

  @Test
  void aBranchWithASlashHasItsRefInAFolder() throws IOException {
    try (HubCache hub = server.cache(folder).build()) {
      hub.fetch(new HubFile(REPO, "refs/pr/1", "model.safetensors"));
    }
    assertThat(server.hub.requests("HEAD").get(0).path())
        .isEqualTo("/org/vit-tiny/resolve/refs%2Fpr%2F1/model.safetensors");
    assertThat(repo.resolve("refs/refs/pr/1")).hasContent(COMMIT);
  }

  @Test
  void whatTheHubHasNotIsNotedAndExplained() {
    try (HubCache hub = server.cache(folder).build()) {
      assertThatThrownBy(() -> hub.fetch(HubFile.of(REPO, "pytorch_model.bin")))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("pytorch_model.bin of org/vit-tiny (main)")
          .hasMessageContaining("404")
          .hasMessageContaining("its files are: config.json, model.safetensors");
      assertThatThrownBy(() -> hub.fetch(new HubFile(REPO, "v9", "pytorch_model.bin")))
          .hasMessageContaining("its branches are: main");
    }
    assertThat(repo.resolve(".no_exist/" + COMMIT + "/pytorch_model.bin")).exists();
  }

  @Test
  void theListLeavesOutNamesThatLeadElsewhere() {
    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.list(REPO, "main")).containsExactly("config.json", "model.safetensors");
    }
  }

  @Test
  void offlineSaysWhatIsMissingAndHowToBringIt() {
    try (HubCache hub = server.cache(folder).offline(true).build()) {
      assertThatThrownBy(() -> hub.fetch(LARGE))
          .isInstanceOfSatisfying(
              HubException.class,
              e -> assertThat(e.reason()).isEqualTo(HubException.Reason.OFFLINE))
          .hasMessageContaining("hf download org/vit-tiny model.safetensors --revision main")
          .hasMessageContaining("told to stay offline")
          .hasMessageNotContaining("HF_HUB_OFFLINE");
      assertThatThrownBy(() -> hub.list(REPO, "main")).isInstanceOf(HubException.class);
    }
    assertThat(server.hub.requests()).isEmpty();
  }

  @Test
  void aHubOutOfReachIsNoObstacleToWhatIsHere() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);
    server.close();
    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
      assertThat(hub.list(REPO, "main")).containsExactly("model.safetensors");
      assertThatThrownBy(() -> hub.fetch(SMALL))
          .isInstanceOfSatisfying(
              HubException.class,
              e -> assertThat(e.reason()).isEqualTo(HubException.Reason.NETWORK));
    }
  }

  @Test
  void aChecksumHoldsForWhatIsHereToo() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);
    try (HubCache hub = server.cache(folder).offline(true).build()) {
      Checksum right = Checksum.sha256(WEIGHTS_SHA256);
      assertThat(hub.fetch(LARGE, right)).hasBinaryContent(WEIGHTS);
      assertThatThrownBy(() -> hub.fetch(LARGE, Checksum.sha256("0".repeat(64))))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("is not the file asked for");

      Files.write(repo.resolve("blobs/" + WEIGHTS_SHA256), new byte[] {1, 2, 3});
      assertThatThrownBy(() -> hub.fetch(LARGE, right)).isInstanceOf(HubException.class);
    }
    assertThat(repo.resolve("blobs/" + WEIGHTS_SHA256)).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void severalFilesAreAllOfTheCommitThatWasListed() {
    try (HubCache hub = server.cache(folder).build()) {
      List<Path> paths = hub.fetchAll(REPO, "main", there -> there);
      Path snapshot = repo.resolve("snapshots/" + COMMIT);
      assertThat(paths)
          .containsExactly(snapshot.resolve("config.json"), snapshot.resolve("model.safetensors"));
      assertThat(paths.get(1)).hasBinaryContent(WEIGHTS);
      assertThat(hub.cached(REPO, "main")).containsExactly("config.json", "model.safetensors");
    }
    assertThat(server.hub.requests("HEAD"))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.path()).contains("/resolve/" + COMMIT + "/"));
    assertThat(repo.resolve("refs/main")).hasContent(COMMIT);
  }

  @Test
  void whatCannotBeBroughtWholeIsTakenFromTheCommitBefore() throws IOException {
    Path older = olderSnapshot();
    server.hubMishaps.add(server::answerAsAlways); // the list
    server.hubMishaps.add(server::answerAsAlways); // the head of config.json
    server.hubMishaps.add((request, reply) -> reply.head(503, "Content-Length: 0"));

    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetchAll(REPO, "main", there -> there))
          .containsExactly(older.resolve("config.json"), older.resolve("model.safetensors"));
    }
    assertThat(repo.resolve("refs/main")).as("where all files are").hasContent("f".repeat(40));
    try (HubCache hub = server.cache(folder).offline(true).build()) {
      assertThat(hub.fetchAll(REPO, "main", there -> there)).hasSize(2);
    }
  }

  @Test
  void aPartOfTheFilesIsNothingToFallBackOn() throws IOException {
    Files.delete(olderSnapshot().resolve("model.safetensors"));
    server.hubMishaps.add(server::answerAsAlways);
    server.hubMishaps.add(server::answerAsAlways);
    server.hubMishaps.add((request, reply) -> reply.head(403, "Content-Length: 0"));
    try (HubCache hub = server.cache(folder).build()) {
      assertThatThrownBy(
              () ->
                  hub.fetchAll(REPO, "main", t -> t.contains("model.safetensors") ? t : List.of()))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("model.safetensors of org/vit-tiny (main)");
    }
  }

  @Test
  void ofARevisionWithoutTheFilesNothingIsNoted() throws IOException {
    olderSnapshot();
    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetchAll(REPO, "main", there -> List.of())).isEmpty();
    }
    assertThat(repo.resolve("refs/main")).hasContent("f".repeat(40));
  }

  @Test
  void aPartThatIsHereDoesNotHideThatTheHubIsOutOfReach() throws IOException {
    Files.delete(olderSnapshot().resolve("model.safetensors"));
    server.close();
    try (HubCache hub = server.cache(folder).build()) {
      assertThatThrownBy(
              () ->
                  hub.fetchAll(REPO, "main", t -> t.contains("model.safetensors") ? t : List.of()))
          .isInstanceOfSatisfying(
              HubException.class,
              e -> assertThat(e.reason()).isEqualTo(HubException.Reason.NETWORK));
    }
  }

  @Test
  void aMirrorWhoseListNamesNoCommitIsAskedForIt() {
    String list = "{\"siblings\":[{\"rfilename\":\"config.json\"}]}";
    server.hubMishaps.add((request, reply) -> reply.whole(200, list.getBytes()));
    try (HubCache hub = server.cache(folder).build()) {
      assertThat(hub.fetchAll(REPO, "main", there -> there))
          .containsExactly(repo.resolve("snapshots/" + COMMIT + "/config.json"));
    }
  }

  /** Both files at another commit, which main was last seen at. */
  private Path olderSnapshot() throws IOException {
    asPythonWould("model.safetensors", WEIGHTS, WEIGHTS_SHA256);
    asPythonWould("config.json", CONFIG, CONFIG_SHA1);
    Path older = repo.resolve("snapshots/" + "f".repeat(40));
    Files.move(repo.resolve("snapshots/" + COMMIT), older);
    Files.writeString(repo.resolve("refs/main"), "f".repeat(40));
    return older;
  }

  /** As from a walk through a folder of which a part may not be read. */
  @Test
  void anErrorOnTheWayIsOfTheDisk() {
    assertThatThrownBy(
            () ->
                Guard.run(
                    "x",
                    folder,
                    () -> {
                      throw new UncheckedIOException(new AccessDeniedException("hub/secret"));
                    }))
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.reason()).isEqualTo(HubException.Reason.DISK))
        .hasMessageContaining("hub/secret");
  }

  /** Writes what huggingface_hub's hf_hub_download leaves behind. */
  private void asPythonWould(String path, byte[] content, String tag) throws IOException {
    Files.createDirectories(repo.resolve("blobs"));
    Files.createDirectories(repo.resolve("refs"));
    Path snapshot = Files.createDirectories(repo.resolve("snapshots/" + COMMIT));
    Files.write(repo.resolve("blobs/" + tag), content);
    Files.createSymbolicLink(snapshot.resolve(path), Path.of("../../blobs/" + tag));
    Files.writeString(repo.resolve("refs/main"), COMMIT);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}
