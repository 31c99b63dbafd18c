package io.github.vit4j;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test that works with arrays, which are freed after it. */
@SuppressWarnings("NullAway.Init") // JUnit sets the field
public abstract class WithManager {

  /** Owns what the test makes. */
  protected NDManager manager;

  /** Before each test. */
  @BeforeEach
  public final void openManager() {
    manager = NDManager.newBaseManager("PyTorch");
  }

  /** After each test. */
  @AfterEach
  public final void closeManager() {
    manager.close();
  }
}
