package io.github.vit4j.torchscript;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A small TorchScript module in the engine, whose methods are called like operators: gradients flow
 * through them, and results belong to the manager of the first argument. Any number of threads may
 * call it at once.
 */
public final class ScriptModule implements AutoCloseable {

  private final NDManager manager;
  private final PtSymbolBlock block;
  private final Map<String, NDArray> selectors = new ConcurrentHashMap<>();

  private ScriptModule(NDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  /**
   * Loads an archive, without a file.
   *
   * @param archive the module; what it is made of need not stay
   * @return the module in the engine; the caller closes it
   * @throws EngineException if the engine does not know one of its operators
   */
  public static ScriptModule load(ScriptArchive archive) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    NDManager manager = NDManager.newBaseManager("PyTorch");
    try {
      archive.writeTo(bytes);
      PtSymbolBlock block =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(bytes.toByteArray()), false, false);
      return new ScriptModule(manager, block);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Loads an archive for inference only, by way of a temporary file, as its tensors may be large.
   *
   * @param archive the module; what it is made of need not stay
   * @param device where its tensors go
   * @return the module in the engine; the caller closes it
   * @throws EngineException if the engine does not know one of its operators
   */
  public static ScriptModule loadForInference(ScriptArchive archive, Device device) {
    NDManager manager = NDManager.newBaseManager(device, "PyTorch");
    Path file = null;
    try {
      file = Files.createTempFile("vit4j", ".pt");
      archive.save(file);
      PtSymbolBlock block =
          JniUtils.loadModule(
              (PtNDManager) manager, file, device.isGpu(), new String[0], new String[0], false);
      return new ScriptModule(manager, block);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    } finally {
      discard(file);
    }
  }

  private static void discard(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /**
   * Calls a method without any gradients.
   *
   * @param method its name
   * @param arguments one array a parameter, at least one
   * @return what it returns; belongs to the manager of the first argument
   */
  public NDArray infer(String method, NDArray... arguments) {
    return run(method, false, arguments);
  }

  /**
   * Calls a method.
   *
   * @param method its name
   * @param arguments one array a parameter, at least one
   * @return what it returns; belongs to the manager of the first argument
   */
  public NDArray call(String method, NDArray... arguments) {
    return run(method, true, arguments); // or the result could not take part in a backward pass
  }

  private NDArray run(String method, boolean training, NDArray... arguments) {
    NDList all = new NDList(arguments);
    all.add(selectors.computeIfAbsent(method, this::selector));
    return IValueUtils.forward(block, all, training).singletonOrThrow();
  }

  /** DJL chooses a method by the name of an argument that is not handed on. */
  private NDArray selector(String method) {
    NDArray selector = manager.zeros(new Shape(1));
    selector.setName("module_method:" + method);
    return selector;
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
