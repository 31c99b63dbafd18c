package io.github.vit4j.finetune.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Schedules against values that were computed from the published formulas. */
class ScheduleTest {

  private static JsonObject reference(String name) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(ScheduleTest.class.getResourceAsStream("/schedules.json")),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject().getAsJsonObject(name);
    }
  }

  private static void assertGives(Schedule schedule, JsonObject reference) {
    JsonObject values = reference.getAsJsonObject("values");
    assertThat(values.size()).isGreaterThan(7);
    for (String step : values.keySet()) {
      assertThat(schedule.at(Long.parseLong(step)))
          .as("step %s", step)
          .isEqualTo(values.get(step).getAsDouble(), within(1e-18));
    }
  }

  @Test
  void cosine() throws IOException {
    JsonObject r = reference("cosine");
    Schedule schedule =
        Cosine.of(r.get("base").getAsDouble(), r.get("total").getAsLong())
            .warmUp(r.get("warm").getAsLong(), r.get("warmup_from").getAsDouble())
            .min(r.get("min").getAsDouble());
    assertGives(schedule, r);
    assertThat(schedule.at(5000)).isEqualTo(1e-5);
  }

  @Test
  void inverseSquareRoot() throws IOException {
    JsonObject r = reference("rsqrt");
    Schedule schedule =
        InverseSquareRoot.of(
                r.get("base").getAsDouble(),
                r.get("warm").getAsLong(),
                r.get("scale").getAsDouble())
            .coolDown(r.get("cool").getAsLong(), r.get("total").getAsLong());
    assertGives(schedule, r);
    assertThat(schedule.at(3000)).isZero();
  }

  /** The numbers of torch.optim.lr_scheduler.StepLR(step_size=30, gamma=0.1) from 0.5. */
  @Test
  void stepDecay() {
    Schedule schedule = StepDecay.of(.5, .1, 30).warmUp(10);

    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(5)).isEqualTo(.25);
    assertThat(schedule.at(10)).isEqualTo(.5);
    assertThat(schedule.at(29)).isEqualTo(.5);
    assertThat(schedule.at(30)).isEqualTo(.05, within(1e-12));
    assertThat(schedule.at(89)).isEqualTo(.005, within(1e-12));
    assertThat(schedule.at(90)).isEqualTo(.0005, within(1e-12));
  }

  @Test
  void constantWithWarmUpAndCoolDown() {
    Schedule schedule = Constant.of(.2).warmUp(4).coolDown(10, 100);

    assertThat(schedule.at(1)).isEqualTo(.05);
    assertThat(schedule.at(90)).isEqualTo(.2);
    assertThat(schedule.at(95)).isEqualTo(.1);
    assertThat(schedule.at(100)).isZero();
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> Cosine.of(1e-3, 100).warmUp(100))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a cosine of 100 steps in all has no room after a warm-up of 100");
    assertThatThrownBy(() -> Constant.of(Double.NaN)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> Constant.of(-1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> StepDecay.of(1, .1, 0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> InverseSquareRoot.of(1, 10, 0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> Constant.of(1).coolDown(200, 100))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new WarmUp(-1, 0)).isInstanceOf(BadInputException.class);
  }
}
