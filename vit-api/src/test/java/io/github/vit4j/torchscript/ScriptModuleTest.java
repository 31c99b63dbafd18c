package io.github.vit4j.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.vit4j.WithManager;
import io.github.vit4j.error.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ScriptModuleTest extends WithManager {

  private ScriptArchive affine() {
    ScriptArchive archive = new ScriptArchive("Affine");
    archive.parameter("slope", manager.create(new float[] {2, 3}, new Shape(1, 2)));
    archive.buffer("shift", manager.create(5f));
    archive.buffer("order", manager.create(new long[] {1, 0}));
    archive.method(
        """
        def forward(self, x: Tensor) -> Tensor:
          return torch.add(torch.mul(x, self.slope), self.shift)
        def swapped(self, x: Tensor) -> Tensor:
          return torch.index_select(x, 1, self.order)
        """);
    return archive;
  }

  @Test
  void callsMethodsWithTheTensorsOfTheModule() {
    try (ScriptModule module = ScriptModule.load(affine())) {
      NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));

      assertThat(module.call("forward", x).toFloatArray()).containsExactly(7, 11, 11, 17);
      assertThat(module.call("swapped", x).toFloatArray()).containsExactly(2, 1, 4, 3);
    }
  }

  @Test
  void loadsInAThreadThatIsInterrupted() {
    Thread.currentThread().interrupt();
    try (ScriptModule module = ScriptModule.load(affine())) {
      NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));

      assertThat(module.call("forward", x).toFloatArray()).containsExactly(7, 11);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void gradientsFlowToTheArguments() {
    try (ScriptModule module = ScriptModule.load(affine())) {
      NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
      x.setRequiresGradient(true);
      for (int i = 1; i <= 3; i++) { // the engine rewrites the method after the first calls
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
          collector.backward(module.call("forward", x).sum());
        }
        assertThat(x.getGradient().toFloatArray()).containsExactly(2 * i, 3 * i); // summed up
      }
    }
  }

  @Test
  void theSameModuleIsTheSameBytes() throws IOException {
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    affine().writeTo(one);
    affine().writeTo(other);
    assertThat(one.toByteArray()).isEqualTo(other.toByteArray());
  }

  @Test
  void savesWholeOrNotAtAll(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("affine.pt");
    Files.writeString(file, "old");

    affine().save(file);

    assertThat(Files.size(file)).isGreaterThan(500);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assertThatThrownBy(() -> affine().save(folder.resolve("no").resolve("affine.pt")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("name a file in a folder that is there");
    assertThatThrownBy(() -> affine().save(folder)).isInstanceOf(BadInputException.class);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void keepsALinkAndIsReadableByWhomOtherFilesAre(@TempDir Path folder) throws IOException {
    Path usual = Files.createFile(folder.resolve("usual"));
    Path file = folder.resolve("affine.pt");
    Path link = Files.createSymbolicLink(folder.resolve("link.pt"), Files.createFile(file));

    affine().save(link);

    assertThat(link).isSymbolicLink();
    assertThat(Files.size(file)).isGreaterThan(500);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void refusesWhatCannotBeWritten() {
    ScriptArchive archive = affine();
    assertThatThrownBy(() -> new ScriptArchive("no word"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("'no word' cannot name a part of a module; use a word");
    assertThatThrownBy(() -> archive.buffer("slope", manager.create(1f)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("module Affine has two tensors slope");
    NDArray bytes = manager.zeros(new Shape(2), DataType.UINT8);
    assertThatThrownBy(() -> archive.buffer("bytes", bytes))
        .isInstanceOf(BadInputException.class)
        .hasMessage("tensor bytes is of type uint8; a module holds float32 and int64");
  }

  @Test
  void anUnknownOperatorIsAnExceptionOfTheEngine() {
    ScriptArchive archive = new ScriptArchive("Odd");
    archive.method("def forward(self, x: Tensor) -> Tensor:\n  return torch.no_such_thing(x)\n");
    assertThatThrownBy(() -> ScriptModule.load(archive))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no_such_thing");
  }
}
