package io.github.vit4j.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are none, from callers and from servers. */
class BadNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/b/c",
        "..",
        "a/..",
        "../a",
        "a--b/c",
        "-a/b",
        "a/b.",
        "a/b.git",
        "a b/c",
        "a/b\n",
        "\u00fcber/x",
        "a\\b",
        "/a",
        "a/"
      })
  void noRepository(String repo) {
    assertThatThrownBy(() -> HubFile.of(repo, "config.json")).isInstanceOf(BadInputException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".",
        "a\\b",
        "C:x",
        "a\u0000b",
        "a\nb",
        "a\u202eb",
        "\ud800"
      })
  void noPath(String path) {
    assertThatThrownBy(() -> HubFile.of("org/name", path)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new HubFile("org/name", path, "config.json"))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void goodNames() {
    for (String repo : new String[] {"gpt2", "google/vit-base-patch16-224", "timm/a_b.c-d1k"}) {
      assertThatCode(() -> new HubFile(repo, "refs/pr/3", "onnx/model.onnx"))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://x/y.pth", "https:///y.pth", "https://u:p@x/y.pth", "y.pth", "https://x/"})
  void noLink(String address, @TempDir Path folder) {
    try (DirectLinks links = new DirectLinks(folder, false, FakeHub.options())) {
      assertThatThrownBy(() -> links.fetch(URI.create(address)))
          .isInstanceOf(BadInputException.class)
          .hasMessageNotContaining("u:p");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", ".vit4j", "", "a\\b"})
  void noFileName(String name, @TempDir Path folder) {
    try (DirectLinks links = new DirectLinks(folder, false, FakeHub.options())) {
      assertThatThrownBy(() -> links.fetch(URI.create("https://x/y.pth"), name))
          .isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void noOptionsAndNoChecksum() {
    assertThatThrownBy(() -> FakeHub.options().withRetries(-1))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> FakeHub.options().withStallTimeout(Duration.ZERO))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> Checksum.sha256("abc")).isInstanceOf(BadInputException.class);
    assertThat(Checksum.sha256("A1311BCF").sha256()).isEqualTo("a1311bcf");
  }

  @Test
  void tagsAsHuggingfaceHubReadsThem() {
    String sha = "a".repeat(64);
    assertThat(EntityTag.parse("\"" + sha + "\"").blobName()).isEqualTo(sha);
    assertThat(EntityTag.parse("W/\"" + sha + "\"").blobName()).isEqualTo(sha);
    assertThat(EntityTag.parse("b".repeat(40)).blobName()).isEqualTo("b".repeat(40));
    for (String other :
        new String[] {"\"../x\"", "\"\"", "CON", "a".repeat(41), "\"d41d8cd9-5\""}) {
      assertThat(EntityTag.parse(other).blobName()).matches("etag-[0-9a-f]{40}");
      assertThat(EntityTag.parse(other).checks()).isEmpty();
    }
  }

  @Test
  void ranges() {
    assertThat(ContentRange.parse("bytes 5-9/10")).contains(new ContentRange(5, 10));
    assertThat(ContentRange.parse("bytes 5-9/*")).contains(new ContentRange(5, 10));
    for (String bad :
        new String[] {"", "bytes 5-8/10", "bytes 9-5/10", "bytes */10", "items 5-9/10"}) {
      assertThat(ContentRange.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void retryAfterAsSecondsAsDateAndAsNonsense() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(BackOff.retryAfter("7", now)).isEqualTo(Duration.ofSeconds(7));
    assertThat(BackOff.retryAfter("Thu, 01 Jan 2026 00:00:09 GMT", now))
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(BackOff.retryAfter("Wed, 01 Jan 2025 00:00:09 GMT", now)).isEqualTo(Duration.ZERO);
    for (String bad : new String[] {"", "-1", "soon", "1e9", "99999999999999999999"}) {
      assertThat(BackOff.retryAfter(bad, now)).as(bad).isNull();
    }
  }
}
