package io.github.vit4j.examples.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepFileTest {

  private static final String GOOD =
      """
      {
        "data": "shapes:40",
        "testImages": 10,
        "seed": 3,
        "model": {"imageSize": 32, "patchSize": 8, "mlpRatio": 2.5, "headWidth": 16},
        "training": {"batch": 8, "rate": 0.001, "rateAtWidth": 32, "ratePower": -0.5},
        "sizes": [
          {"name": "s", "width": 16, "depth": 1},
          {"name": "m", "width": 128, "depth": 2, "heads": 4}
        ],
        "fractions": [0.125, 1],
        "epochs": [3, 1],
        "heldOut": [{"name": "l", "width": 160, "depth": 3, "fraction": 1, "epochs": 4}]
      }
      """;

  @TempDir Path folder;

  @Test
  void namesOfRunsDoNotDependOnTheCountry() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      Cell cell = new Cell(new Size("w8d1", 8, 1, 1), 0.5, 6, false);
      assertThat(cell.name()).isEqualTo("w8d1-f0.5-e6");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void readsWhatItSays() {
    Sweep sweep = SweepFile.parse(GOOD, "good.json");
    assertThat(sweep.title()).isEqualTo("good.json");
    assertThat(sweep.testImages()).isEqualTo(10);
    assertThat(sweep.seed()).isEqualTo(3);
    assertThat(sweep.model()).isEqualTo(new Architecture(32, 8, 2.5));
    assertThat(sweep.sizes()).containsExactly(new Size("s", 16, 1, 1), new Size("m", 128, 2, 4));
    assertThat(sweep.heldOut()).containsExactly(new Cell(new Size("l", 160, 3, 10), 1, 4, true));
  }

  @Test
  void namesRunsTheShortOnesFirst() {
    List<Cell> cells = SweepFile.parse(GOOD, "good.json").cells();
    assertThat(cells.stream().map(Cell::name))
        .containsExactly(
            "s-f0.125-e1",
            "s-f1-e1",
            "m-f0.125-e1",
            "m-f1-e1",
            "s-f0.125-e3",
            "s-f1-e3",
            "m-f0.125-e3",
            "m-f1-e3");
    assertThat(new Cell(new Size("s", 16, 1, 1), 1 / 9.0, 20, false).name())
        .isEqualTo("s-f0.1111-e20");
  }

  @Test
  void ratesFollowTheWidth() {
    Training training = SweepFile.parse(GOOD, "good.json").training();
    assertThat(training.rateOf(32)).isEqualTo(0.001);
    assertThat(training.rateOf(128)).isEqualTo(0.0005);
    assertThat(new Training(8, 0.001, 32, 0).rateOf(128)).isEqualTo(0.001);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.json", "pocket.json"})
  void readsTheFilesThatComeAlong(String name) {
    Sweep sweep = SweepFile.read(Path.of("..", "sweeps", name));
    assertThat(sweep.cells().size()).isGreaterThanOrEqualTo(12);
    assertThat(sweep.heldOut()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'seed'          | 'sed'           | unknown key 'sed'; known are [title",
        "'width': 16,    | ''              | size 1 lacks the key 'width'; add it",
        "16, 'depth'     | 16, 'deph'      | size 1 has an unknown key 'deph'",
        "'width': 16,    | 'width': '16',   | 'width' must be a whole number from 1 to 1000000, but it is \\\"16\\\"",
        "'width': 16,    | 'width': 16.5,   | 'width' must be a whole number",
        "'width': 16,    | 'width': 0,      | 'width' must be a whole number from 1",
        "'width': 16,    | 'width': 20,     | the width 20 cannot be cut into heads of 16; give 'heads'",
        "'depth': 1      | 'depth': null   | 'depth' must be a whole number",
        "[3, 1]          | []              | 'epochs' must be a list with at least one value, but it is []",
        "[3, 1]          | 3               | 'epochs' must be a list",
        "[3, 1]          | [3, 3]          | 'epochs' names 3 twice",
        "[3, 1]          | [0]             | 'epochs' must be a whole number from 1",
        "[0.125, 1]      | [0.125, 1.5]    | 'fractions' must be a number from 0.000001 to 1, but it is 1.5",
        "[0.125, 1]      | [0.1, 0.1]      | 'fractions' names 0.1 twice",
        "[0.125, 1]      | [0.11111, 0.11112] | two runs named s-f0.1111-e1",
        "'name': 's'     | 'name': 'm'     | two sizes named 'm'",
        "'name': 's'     | 'name': 'S/x'   | the name 'S/x' is to be a folder's",
        "'name': 'l'     | 'name': 's'     | two different sizes named 's', one of them held out",
        "0.001           | -1              | 'rate' must be a number from",
        "0.001           | 1e999           | 1e999, which is too large",
        "'data': 'shapes:40' | 'data': ' ' | 'data' must be a text that is not blank",
        "'seed': 3       | 'seed': 3, 'seed': 4 | the key 'seed' twice",
        "'model': {      | 'model': [ {    | is not JSON at line 6 column",
        "'patchSize': 8  | 'patchSize': [8] | model: 'patchSize' must be a whole number",
      })
  void refusesWhatItDoesNotUnderstand(String good, String bad, String words) {
    String broken = GOOD.replace(json(good), json(bad));
    assertThat(broken).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> SweepFile.parse(broken, "bad.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("bad.json")
        .hasMessageContaining(words.replace("\\\"", "\""))
        .message()
        .doesNotContain("\n");
  }

  private static String json(String text) {
    return text.equals("''") ? "" : text.replace('\'', '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{", "{} {}", "{'data': 1}"})
  void refusesWhatIsNoObject(String text) {
    assertThatThrownBy(() -> SweepFile.parse(text, "bad.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("bad.json");
    String deep = "[".repeat(5000);
    assertThatThrownBy(() -> SweepFile.parse(deep, "bad.json")).hasMessageContaining("too deeply");
  }

  @Test
  void refusesFilesThatAreNone() throws IOException {
    assertThatThrownBy(() -> SweepFile.read(folder.resolve("no.json")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist or is no file; give a sweep's JSON file");
    Path binary = folder.resolve("binary.json");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> SweepFile.read(binary))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be read as UTF-8 text");
  }
}
