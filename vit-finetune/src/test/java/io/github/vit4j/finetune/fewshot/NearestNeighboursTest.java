package io.github.vit4j.finetune.fewshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNeighboursTest {

  @ParameterizedTest
  @CsvSource({
    "more_examples, 1",
    "more_examples, 5",
    "more_examples, 20",
    "more_features, 1",
    "more_features, 5",
    "more_features, 20"
  })
  void predictsAsDino(String name, int k) throws IOException {
    String json = Files.readString(FewShotFixture.FOLDER.resolve("knn.json"));
    JsonArray expected =
        new Gson()
            .fromJson(json, JsonObject.class)
            .getAsJsonObject(name)
            .getAsJsonArray(Integer.toString(k));
    try (FewShotFixture fixture = new FewShotFixture(name)) {
      int[] found = new NearestNeighbours(fixture.support(), k, 0.07).predict(fixture.test());
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).as("row %d", i).isEqualTo(expected.get(i).getAsInt());
      }
    }
  }

  @Test
  void zerosAreNearNothing() {
    float[][] rows = {{0, 0}, {1, 0}, {0, 1}};
    Features support = new Features(rows, new int[] {0, 1, 2}, List.of("a", "b", "c"));
    for (double temperature : new double[] {0.001, 0.07, 1e9}) {
      NearestNeighbours voters = new NearestNeighbours(support, 20, temperature);
      assertThat(voters.predict(support)).startsWith(0).hasSize(3);
    }
    assertThat(new NearestNeighbours(support, 20, 0.001).predict(support)).containsExactly(0, 1, 2);
  }
}
