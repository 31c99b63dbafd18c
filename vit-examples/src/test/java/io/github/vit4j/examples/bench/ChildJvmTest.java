package io.github.vit4j.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.ChildFailed;
import io.github.vit4j.examples.command.Exit;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process is told that a command starts, and what is heard of it. */
class ChildJvmTest {

  private static final String PROPERTY = "vit4j.test.told";

  @Test
  void itHasThePropertiesThatTheUserSet() throws IOException {
    System.setProperty(PROPERTY, "two words");
    try {
      List<String> told = ChildJvm.told(List.of("-Xmx3g"));
      assertThat(told).containsSubsequence("-D" + PROPERTY + "=two words", "-Xmx3g");
      assertThat(ChildJvm.run(Echo.class, List.of(), PROPERTY)).isEqualTo("two words");
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  @Test
  void itsExitCodeIsKept() {
    assertThatThrownBy(() -> ChildJvm.run(Echo.class, List.of()))
        .isInstanceOfSatisfying(ChildFailed.class, e -> assertThat(e.code()).isEqualTo(3));
  }

  @Test
  void whatItsUserCanMendIsNoDefect() {
    assertThatThrownBy(() -> ChildJvm.run(Echo.class, List.of(), "not", "one"))
        .isInstanceOfSatisfying(
            ChildFailed.class, e -> assertThat(e.code()).isEqualTo(Exit.BAD_INPUT));
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    BenchCase wanted =
        new BenchCase(
            BenchCase.Shape.Ti, 32, 1, BenchCase.Precision.float32, BenchCase.Work.inference);
    assertThatThrownBy(() -> OtherProgram.imagesPerSecond("no-such-program", wanted, 1, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the command of --beside does not start");
  }

  /** Says a property, or fails. */
  static final class Echo {

    private Echo() {}

    public static void main(String[] arguments) throws Exception {
      if (arguments.length == 0) {
        System.exit(3);
      }
      ChildJvm.measure(() -> say(arguments));
    }

    private static void say(String[] names) {
      if (names.length > 1) {
        throw new BadInputException("one property, please");
      }
      System.out.println(System.getProperty(names[0]));
    }
  }
}
