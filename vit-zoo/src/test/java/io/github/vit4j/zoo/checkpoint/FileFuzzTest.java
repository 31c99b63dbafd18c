package io.github.vit4j.zoo.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.vit4j.error.BadInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;

/** Files that nobody wrote: values or a refusal, nothing else. See docs/security.md. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class FileFuzzTest {

  @TempDir static Path directory;

  private static void read(byte[] content, Function<Path, Checkpoint> opener) throws IOException {
    Path file = Files.write(directory.resolve("fuzzed"), content);
    try (Checkpoint opened = opener.apply(file)) {
      for (TensorInfo info : opened.tensors()) {
        opened.floats(info.name());
      }
    } catch (BadInputException e) {
      if (!String.valueOf(e.getMessage()).contains(file.toString())) {
        throw new AssertionError("the message does not name the file", e);
      }
    }
  }

  @FuzzTest(maxDuration = "2m")
  void torchZip(byte[] content) throws IOException {
    read(content, TorchFile::open);
  }

  @FuzzTest(maxDuration = "2m")
  void torchLegacy(byte[] content) throws IOException {
    read(content, TorchFile::open);
  }

  @FuzzTest(maxDuration = "2m")
  void safetensors(byte[] content) throws IOException {
    read(content, SafeTensors::open);
  }

  @FuzzTest(maxDuration = "2m")
  void npz(byte[] content) throws IOException {
    read(content, Npz::open);
  }

  @FuzzTest(maxDuration = "2m")
  void npyHeader(byte[] content) throws IOException {
    try {
      NpyHeader header = NpyHeader.read(new ByteArrayInputStream(content));
      new TensorInfo("fuzzed", header.type(), header.shape());
    } catch (BadInputException e) {
      // refused by name
    }
  }

  @FuzzTest(maxDuration = "2m")
  void shardIndex(byte[] content) throws IOException {
    read(content, file -> ShardedFile.open(file, Checkpoints::open));
  }
}
