package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFilesTest {

  @TempDir Path folder;

  private void put(String files) throws IOException {
    for (String file : files.split(" ")) {
      Files.createFile(folder.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "best.pth config.json, best.pth",
    "checkpoint.pt labels.txt, checkpoint.pt",
    "pytorch_model.bin model.safetensors config.json, model.safetensors",
    "pytorch_model.bin training_args.bin optimizer.pt, pytorch_model.bin",
    "model-00001-of-00002.safetensors model-00002-of-00002.safetensors"
        + " model.safetensors.index.json pytorch_model.bin, model.safetensors.index.json",
    "pytorch_model-00001-of-00001.bin pytorch_model.bin.index.json, pytorch_model.bin.index.json",
    "model_timm.safetensors golden.safetensors, model_timm.safetensors",
    "a.npz b.pth, a.npz",
  })
  void findsTheOneThatIsMeant(String files, String expected) throws IOException {
    put(files);
    assertThat(ModelFiles.at(folder).weights()).isEqualTo(folder.resolve(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "config.json, holds no checkpoint",
    "a.pth b.pt, 'holds several checkpoints, [a.pth, b.pt]'",
    "model.npz model.safetensors, holds several",
  })
  void saysWhatItFindsOtherwise(String files, String words) throws IOException {
    put(files);
    assertThatThrownBy(() -> ModelFiles.at(folder)).hasMessageContaining(words);
  }
}
