package io.github.vit4j.zoo.checkpoint.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.pickle.PickleInput;
import io.github.vit4j.zoo.checkpoint.pickle.Unpickler;
import java.nio.ByteBuffer;

/** Pickles that nobody wrote: values or a refusal, nothing else. See docs/security.md. */
class PickleFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void aPickleIsReadOrRefused(byte[] pickle) {
    Object root;
    try {
      root =
          Unpickler.read(
              new PickleInput(ByteBuffer.wrap(pickle)), new TorchGlobals(), new StorageIds());
    } catch (BadInputException e) {
      return;
    }
    try {
      check(StateDictionary.preferred(root));
      for (String path : StateDictionary.paths(root)) {
        check(StateDictionary.at(root, path));
      }
    } catch (BadInputException e) {
      // refused by name
    }
  }

  private static void check(StateDictionary dictionary) {
    dictionary.tensors().values().forEach(StridedTensor::span);
  }
}
