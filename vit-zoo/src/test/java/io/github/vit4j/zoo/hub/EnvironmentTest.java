package io.github.vit4j.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables of huggingface_hub's constants.py and torch's hub.py, in their order. */
class EnvironmentTest {

  private final Path home = Path.of("home", "me").toAbsolutePath();

  @Test
  void foldersOfTheHub() {
    assertThat(with().hubCache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(with("XDG_CACHE_HOME", "/x").hubCache()).isEqualTo(abs("/x/huggingface/hub"));
    assertThat(with("HF_HOME", "/h", "XDG_CACHE_HOME", "/x").hubCache()).isEqualTo(abs("/h/hub"));
    assertThat(with("HUGGINGFACE_HUB_CACHE", "/old", "HF_HOME", "/h").hubCache())
        .isEqualTo(abs("/old"));
    assertThat(with("HF_HUB_CACHE", "/c", "HUGGINGFACE_HUB_CACHE", "/old").hubCache())
        .isEqualTo(abs("/c"));
    assertThat(with("HF_HUB_CACHE", "~/c").hubCache()).isEqualTo(home.resolve("c"));
    assertThat(with("HF_HOME", "/d/$WHO/${WHO}/$NOBODY", "WHO", "me").hubCache())
        .isEqualTo(abs("/d/me/me/$NOBODY/hub"));
    assertThat(with("HF_HUB_CACHE", "", "HF_HOME", "").hubCache())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @Test
  void folderOfTorch() {
    assertThat(with().torchCheckpoints()).isEqualTo(home.resolve(".cache/torch/hub/checkpoints"));
    assertThat(with("XDG_CACHE_HOME", "/x").torchCheckpoints())
        .isEqualTo(abs("/x/torch/hub/checkpoints"));
    assertThat(with("TORCH_HOME", "~/t", "XDG_CACHE_HOME", "/x").torchCheckpoints())
        .isEqualTo(home.resolve("t/hub/checkpoints"));
  }

  @Test
  void tokens(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "hf_file\n");
    String hfHome = folder.toString();
    assertThat(with().token()).isNull();
    assertThat(with("HF_HOME", hfHome).token()).isEqualTo("hf_file");
    assertThat(with("HF_TOKEN_PATH", file.toString()).token()).isEqualTo("hf_file");
    assertThat(with("HF_HOME", hfHome, "HF_TOKEN", " hf_env\r\n").token()).isEqualTo("hf_env");
    assertThat(with("HUGGING_FACE_HUB_TOKEN", "hf_old").token()).isEqualTo("hf_old");
    assertThat(with("HF_TOKEN", "hf_new", "HUGGING_FACE_HUB_TOKEN", "hf_old").token())
        .isEqualTo("hf_new");
    assertThat(with("HF_TOKEN", "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token()).isNull();
  }

  @Test
  void offline() {
    assertThat(with().offline()).isNull();
    Offline byHub = Offline.byVariable("HF_HUB_OFFLINE");
    for (String yes : new String[] {"1", "on", "YES", "True"}) {
      assertThat(with("HF_HUB_OFFLINE", yes).offline()).as(yes).isEqualTo(byHub);
    }
    assertThat(with("HF_HUB_OFFLINE", "0").offline()).isNull();
    assertThat(with("TRANSFORMERS_OFFLINE", "1").offline())
        .isEqualTo(Offline.byVariable("TRANSFORMERS_OFFLINE"));
    assertThat(with("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", "1").offline()).isNull();
  }

  @Test
  void timeouts() {
    TransferOptions options =
        TransferOptions.fromEnvironment(
            with("HF_HUB_ETAG_TIMEOUT", "3", "HF_HUB_DOWNLOAD_TIMEOUT", "77"));
    assertThat(options.answerTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.stallTimeout()).isEqualTo(Duration.ofSeconds(77));
    assertThatThrownBy(() -> TransferOptions.fromEnvironment(with("HF_HUB_ETAG_TIMEOUT", "soon")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("HF_HUB_ETAG_TIMEOUT");
  }

  @Test
  void endpoints() {
    assertThat(HubApi.endpoint(with().endpoint())).hasToString("https://huggingface.co");
    assertThat(HubApi.endpoint("http://mirror:8080/hf//")).hasToString("http://mirror:8080/hf");
    for (String bad :
        new String[] {"mirror", "ftp://x", "https://u:p@x", "https://x?y", "https://"}) {
      assertThatThrownBy(() -> HubApi.endpoint(bad))
          .as(bad)
          .isInstanceOf(BadInputException.class)
          .hasMessageNotContaining("u:p");
    }
  }

  private Environment with(String... namesAndValues) {
    Map<String, String> variables = new HashMap<>();
    variables.put("HOME", home.toString());
    variables.put("USERPROFILE", home.toString());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      variables.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Environment(variables);
  }

  private static Path abs(String path) {
    return Path.of(path).toAbsolutePath();
  }
}
