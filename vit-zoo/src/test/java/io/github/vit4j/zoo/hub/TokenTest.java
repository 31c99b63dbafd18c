package io.github.vit4j.zoo.hub;

import static io.github.vit4j.zoo.hub.FakeHub.COMMIT;
import static io.github.vit4j.zoo.hub.FakeHub.LARGE;
import static io.github.vit4j.zoo.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.RudeServer.Handler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token goes to the hub, and nowhere else, and into no message. */
class TokenTest {

  private static final String TOKEN = "hf_veryverysecret";

  @TempDir Path folder;

  @Test
  void theTokenGoesToTheHubAlone() throws IOException {
    try (FakeHub server = new FakeHub();
        HubCache hub = server.cache(folder).token(TOKEN).build()) {
      hub.fetch(LARGE);
      hub.list(FakeHub.REPO, "main");

      assertThat(server.hub.requests())
          .isNotEmpty()
          .allSatisfy(r -> assertThat(r.header("Authorization")).isEqualTo("Bearer " + TOKEN));
      assertThat(server.store.requests())
          .isNotEmpty()
          .allSatisfy(r -> assertThat(r.header("Authorization")).isEmpty());
      assertThat(hub.toString()).doesNotContain(TOKEN);
    }
  }

  @Test
  void theTokenFollowsARenamedRepositoryOnTheHub() throws IOException {
    try (FakeHub server = new FakeHub();
        HubCache hub = server.cache(folder).token(TOKEN).build()) {
      Handler renamed =
          (request, reply) ->
              reply.head(
                  307,
                  "Location: " + request.target().replace("/old/name", "/org/vit-tiny"),
                  "Content-Length: 0");
      server.hubMishaps.add(renamed);
      Handler described = server::answerAsAlways;
      server.hubMishaps.add(described);
      server.hubMishaps.add(renamed);
      hub.fetch(HubFile.of("old/name", "model.safetensors"));

      assertThat(server.hub.requests())
          .allSatisfy(r -> assertThat(r.header("Authorization")).isEqualTo("Bearer " + TOKEN));
    }
  }

  @Test
  void aTokenWithOtherCharactersIsRefusedWithoutShowingIt() throws IOException {
    try (FakeHub server = new FakeHub()) {
      HubCache.Builder builder = server.cache(folder);
      assertThatThrownBy(() -> builder.token("hf_secret\u00e9"))
          .isInstanceOf(BadInputException.class)
          .hasMessageNotContaining("hf_secret");
    }
  }

  @Test
  void noMessageShowsASignature() throws IOException {
    try (FakeHub server = new FakeHub();
        HubCache hub = server.cache(folder).token(TOKEN).build()) {
      server.mishaps.add((request, reply) -> reply.head(403, "Content-Length: 0"));
      HubException e = catchThrowableOfType(HubException.class, () -> hub.fetch(LARGE));
      assertThat(e)
          .hasMessageContaining(server.store.address() + "/signed/")
          .hasMessageNotContaining("Signature")
          .hasMessageNotContaining(TOKEN);
    }
  }

  @Test
  void anotherPortOrSchemeIsAnotherPlace() {
    URI hub = URI.create("https://hub.example");
    for (String same : List.of("https://hub.example/x", "https://HUB.example:443/?q")) {
      assertThat(Redirect.isSameOrigin(hub, URI.create(same))).as(same).isTrue();
    }
    for (String other :
        List.of(
            "http://hub.example/x",
            "https://hub.example:8443/x",
            "https://hub.example.evil.example/x",
            "https://cdn.hub.example/x")) {
      assertThat(Redirect.isSameOrigin(hub, URI.create(other))).as(other).isFalse();
    }
  }

  @Test
  void httpsNeverLeadsToHttp() throws Failure {
    assertThatThrownBy(
            () -> Redirect.target(redirect("https://hub.example/x", "http://hub.example/y")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("from https to http");
    assertThat(Redirect.target(redirect("http://hub.example/x", "https://cdn.example/a b?c=\"d\"")))
        .isEqualTo(URI.create("https://cdn.example/a%20b?c=%22d%22"));
    assertThat(Redirect.target(redirect("https://hub.example/a/b", "../c")))
        .isEqualTo(URI.create("https://hub.example/c"));
  }

  @Test
  void aMirrorThatSendsElsewhereForTheDescriptionWorks() throws IOException {
    try (FakeHub server = new FakeHub();
        RudeServer mirror =
            new RudeServer(
                (request, reply) ->
                    reply.head(
                        308,
                        "Location: " + server.hub.address() + request.target(),
                        "Content-Length: 0"));
        HubCache hub = server.cache(folder).endpoint(mirror.address()).token(TOKEN).build()) {
      assertThat(hub.fetch(LARGE)).hasBinaryContent(WEIGHTS);
      assertThat(server.hub.requests())
          .allSatisfy(r -> assertThat(r.header("Authorization")).isEmpty());
      assertThat(hub.cached(new HubFile(FakeHub.REPO, COMMIT, "model.safetensors"))).isPresent();
    }
  }

  private static Answer redirect(String from, String to) {
    HttpHeaders headers = HttpHeaders.of(Map.of("Location", List.of(to)), (name, value) -> true);
    return new Answer(URI.create(from), 302, headers, new Body());
  }
}
