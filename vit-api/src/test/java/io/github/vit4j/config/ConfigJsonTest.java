package io.github.vit4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON form says everything, and refuses whatever it does not understand. */
class ConfigJsonTest {

  private static final Set<String> YOUNGER =
      Set.of("distillationHead", "positionResampling", "headBias");

  private static Stream<Named<ViTConfig>> configs() {
    return Spread.configs();
  }

  @ParameterizedTest
  @MethodSource("configs")
  void roundTrips(ViTConfig config) {
    ViTConfig read = ViTConfig.fromJson(config.toJson());

    assertThat(read).isEqualTo(config).hasSameHashCodeAs(config);
    assertThat(read.toJson()).isEqualTo(config.toJson());
  }

  @Test
  void theSpreadUsesEveryNameThatJsonCanHold() {
    String all = configs().map(c -> c.getPayload().toJson()).collect(Collectors.joining());

    List<Class<?>> types =
        Stream.concat(components(ViTConfig.class), components(Stem.class))
            .filter(Class::isEnum)
            .toList();
    assertThat(types).hasSize(10);
    for (Class<?> type : types) {
      for (Object name : type.getEnumConstants()) {
        assertThat(all).contains(new Gson().toJson(name));
      }
    }
    assertThat(all).contains("\"layerScale\": 1.0E-4");
  }

  private static Stream<Class<?>> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType);
  }

  @Test
  void aMissingLayerScaleIsNone() {
    JsonObject tree = plain();
    tree.remove("layerScale");

    assertThat(ViTConfig.fromJson(tree.toString()).layerScale()).isNull();
  }

  /** Published files were written before these keys existed. */
  @Test
  void youngerKeysMayBeMissing() {
    JsonObject tree = plain();
    YOUNGER.forEach(tree::remove);
    ViTConfig old = ViTConfig.fromJson(tree.toString());

    assertThat(old).isEqualTo(ViTConfig.fromJson(plain().toString()));
    assertThat(old.positionResampling()).isEqualTo(PositionResampling.BICUBIC_ANTIALIASED);
    assertThat(old.headBias()).isTrue();
    tree.addProperty("distillationToken", true);
    assertThat(ViTConfig.fromJson(tree.toString()).distillationHead()).isTrue();
    assertThat(tree.keySet()).doesNotContainAnyElementsOf(YOUNGER);
  }

  @Test
  void everyOtherKeyMustBeThere() {
    Set<String> keys = new TreeSet<>(plain().keySet());
    keys.removeAll(YOUNGER);
    for (String key : keys) {
      JsonObject tree = plain();
      tree.remove(key);

      assertThatThrownBy(() -> ViTConfig.fromJson(tree.toString()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("lacks the key '" + key + "'");
    }
    for (String key : List.of("kind", "norm", "kernels")) {
      JsonObject tree = plain();
      tree.getAsJsonObject("stem").remove(key);

      assertThatThrownBy(() -> ViTConfig.fromJson(tree.toString()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("lacks the key 'stem." + key + "'");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          wdith             | 384              | unknown key 'wdith'; known are [imageHeight,
          stem.bias         | true             | unknown key 'stem.bias'; known are [kind, norm, k
          width             | "384"            | 'width' must be a whole number of at most
          width             | 12.5             | 'width' must be a whole number of at most
          width             | 4294967312       | 'width' must be a whole number of at most
          width             | 1e99999          | 'width' must be a whole number of at most
          width             | [16]             | 'width' must be a whole number of at most
          width             | null             | lacks the key 'width'
          classToken        | "yes"            | 'classToken' must be true or false, but is "yes"
          classToken        | 1                | 'classToken' must be true or false, but is 1
          pooling           | "avg"            | be one of ["token", "mean", "token_and_mean", "map"], but is "a
          pooling           | 0                | be one of ["token", "mean", "token_and_mean", "map"], but is 0
          pooling           | "TOKEN"          | be one of ["token", "mean", "token_and_mean", "map"], but is "T
          stem              | "linear"         | 'stem' must be an object, but is "linear"
          stem.kind         | "mlp"            | 'stem.kind' must be one of ["linear", "hmlp", "conv"]
          stem.kernels      | [null]           | 'stem.kernels' must be a list of whole numbers
          stem.kernels      | [4, 2.5]         | 'stem.kernels' must be a list of whole numbers
          stem.kernels      | 4                | 'stem.kernels' must be a list of whole numbers
          stem.kernels      | [4, 4]           | a LINEAR stem takes no kernels, but got [4, 4]
          dropPath          | "none"           | 'dropPath' must be a number, but is "none"
          dropPath          | 1                | dropPath must lie in [0, 1), but is 1.0
          dropPath          | -0.1             | dropPath must lie in [0, 1), but is -0.1
          layerScale        | true             | 'layerScale' must be a number, but is true
          layerScale        | 1e999            | 'layerScale' must be a number
          normEps           | 0                | normEps must lie in (0, 1), but is 0.0
          heads             | 3                | width 16 is not divisible by heads 3; use 12 or 18
          """)
  void oneWrongValueIsNamed(String key, String value, String message) {
    JsonObject tree = plain();
    JsonElement wrong = JsonParser.parseString(value);
    if (key.startsWith("stem.")) {
      tree.getAsJsonObject("stem").add(key.substring(5), wrong);
    } else {
      tree.add(key, wrong);
    }

    assertThatThrownBy(() -> ViTConfig.fromJson(tree.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{width: 16}", "{'width': 16}", "{} {}", "{\"a\": NaN}", "{}//"})
  void notJson(String text) {
    assertThatThrownBy(() -> ViTConfig.fromJson(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "3", "\"ViT\""})
  void notAnObject(String text) {
    assertThatThrownBy(() -> ViTConfig.fromJson(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must be a JSON object");
  }

  @Test
  void hostileTextEndsInAShortMessage() {
    String deep = "[".repeat(1_000_000);
    String longList = "[" + "1,".repeat(1_000_000) + "1]";
    String longName = plain().toString().replace("\"width\"", "\"" + "w".repeat(100_000) + "\"");

    for (String text : List.of(deep, longList, longName)) {
      assertThatThrownBy(() -> ViTConfig.fromJson(text))
          .isInstanceOf(BadInputException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"wi\u009bdth\": 3, %s",
        "{\"width\": \"3\u009b\", %s",
        "{\"width\": 16, \"pooling\": \"\u009b2J\", %s",
        "{\"\u009b2J\": {\"a\": ]",
        "[\"\u009b2J\"]"
      })
  void hostileTextReachesNoTerminal(String form) {
    JsonObject tree = plain();
    tree.remove("width");
    tree.remove("pooling");
    String text = form.replace("%s", tree.toString().substring(1));

    assertThatThrownBy(() -> ViTConfig.fromJson(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("\\u009b")
        .hasMessageNotContaining("\u009b");
  }

  @Test
  void anotherImageSizeOrNumberOfClassesKeepsTheRest() {
    ViTConfig config = Spread.small().layerScale(1e-4).config();

    assertThat(config.withImageSize(24, 8))
        .isEqualTo(ViT.from(config).imageSize(24, 8).config())
        .isNotEqualTo(config);
    assertThat(config.withClasses(7)).isEqualTo(ViT.from(config).classes(7).config());
    assertThat(config.withClasses(5)).isEqualTo(config);
    assertThatThrownBy(() -> config.withImageSize(24, 9))
        .isInstanceOf(BadInputException.class)
        .hasMessage("image width 9 is not divisible by patch size 8; use 8 or 16");
    assertThatThrownBy(() -> config.withClasses(-1)).isInstanceOf(BadInputException.class);
  }

  private static JsonObject plain() {
    return JsonParser.parseString(Spread.small().config().toJson()).getAsJsonObject();
  }
}
