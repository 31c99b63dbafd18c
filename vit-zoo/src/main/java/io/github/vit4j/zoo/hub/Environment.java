package io.github.vit4j.zoo.hub;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The variables that Python's huggingface_hub and torch read, read as they do. */
final class Environment {

  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)\\})");
  private static final int LONGEST_TOKEN_FILE = 1 << 16;
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  static Environment ofProcess() {
    return new Environment(System.getenv());
  }

  boolean isTrue(String name) {
    String value = get(name);
    return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
  }

  Duration seconds(String name, Duration otherwise) {
    String value = get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int seconds = Integer.parseInt(value.strip());
      if (seconds >= 0) {
        // 0 means the default there, too
        return seconds == 0 ? otherwise : Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadInputException(
        "the environment variable " + name + " is no number of seconds: " + Shown.text(value));
  }

  /** Whether and by which variable the network is forbidden. */
  @Nullable Offline offline() {
    String name = get("HF_HUB_OFFLINE") != null ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE";
    return isTrue(name) ? Offline.byVariable(name) : null;
  }

  String endpoint() {
    return get("HF_ENDPOINT", DEFAULT_ENDPOINT);
  }

  Path hubCache() {
    String legacy = get("HUGGINGFACE_HUB_CACHE");
    String cache = get("HF_HUB_CACHE", legacy == null ? "" : legacy);
    return cache.isEmpty() ? hubHome().resolve("hub") : path("HF_HUB_CACHE", expanded(cache));
  }

  Path torchCheckpoints() {
    String home = get("TORCH_HOME");
    Path torch = home == null ? cacheHome().resolve("torch") : path("TORCH_HOME", withUser(home));
    return torch.resolve("hub").resolve("checkpoints");
  }

  /**
   * The user's token, or null: from a variable, or from the file that {@code hf auth login} left.
   */
  @Nullable String token() {
    if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return null;
    }
    String token = get("HF_TOKEN", get("HUGGING_FACE_HUB_TOKEN", ""));
    return cleaned(token.isBlank() ? tokenFromFile() : token);
  }

  /** The token without line breaks, or null if nothing is left; never shown in a message. */
  static @Nullable String cleaned(@Nullable String token) {
    if (token == null) {
      return null;
    }
    String clean = token.replace("\r", "").replace("\n", "").strip();
    if (!clean.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new BadInputException(
          "the Hugging Face token has characters that no token has; set HF_TOKEN to the text that"
              + " begins with hf_");
    }
    return clean.isEmpty() ? null : clean;
  }

  private String tokenFromFile() {
    String named = get("HF_TOKEN_PATH");
    Path file = named == null ? hubHome().resolve("token") : path("HF_TOKEN_PATH", expanded(named));
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST_TOKEN_FILE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BadInputException(
          file + " cannot be read: " + e.getMessage() + "; set HF_TOKEN instead", e);
    }
  }

  private Path hubHome() {
    String home = get("HF_HOME");
    return home == null ? cacheHome().resolve("huggingface") : path("HF_HOME", expanded(home));
  }

  private Path cacheHome() {
    String xdg = get("XDG_CACHE_HOME");
    return xdg == null ? home().resolve(".cache") : path("XDG_CACHE_HOME", expanded(xdg));
  }

  /** Python asks the variable first, which in containers differs from the account's folder. */
  private Path home() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    String home = get(windows ? "USERPROFILE" : "HOME");
    return Path.of(home == null ? System.getProperty("user.home", ".") : home);
  }

  private String expanded(String value) {
    Matcher matcher = VARIABLE.matcher(withUser(value));
    return matcher.replaceAll(
        found -> {
          String name = found.group(1) == null ? found.group(2) : found.group(1);
          String replaced = name == null ? null : variables.get(name);
          return Matcher.quoteReplacement(replaced == null ? found.group() : replaced);
        });
  }

  private String withUser(String value) {
    return value.equals("~") || value.startsWith("~/") || value.startsWith("~\\")
        ? home() + value.substring(1)
        : value;
  }

  private static Path path(String name, String value) {
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "the environment variable " + name + " is no path: " + Shown.text(value), e);
    }
  }

  private String get(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  /** A variable; set but empty counts as unset, since an empty path can be nobody's intention. */
  private @Nullable String get(String name) {
    String value = variables.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
