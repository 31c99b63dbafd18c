package io.github.vit4j.compute;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.torchscript.ScriptArchive;
import io.github.vit4j.torchscript.ScriptModule;

/** What oneDNN in the engine can do on this processor, asked once. */
public final class OneDnn {

  private static final int NOTHING = 0;
  private static final int BFLOAT16 = 2;
  private static final int CAPABILITY = ask();

  private OneDnn() {}

  /** {@return whether the engine has oneDNN's packed products} */
  public static boolean packs() {
    return CAPABILITY > NOTHING;
  }

  /** {@return whether oneDNN has bfloat16 products for this processor} */
  public static boolean hasBfloat16() {
    return CAPABILITY == BFLOAT16;
  }

  private static int ask() {
    ScriptArchive archive = new ScriptArchive("Processor");
    archive.method(
        """
        def forward(self, w: Tensor) -> Tensor:
          p = ops.mkldnn._reorder_linear_weight(w)
          y = ops.mkldnn._linear_pointwise(w, p, None, "none", annotate(List[Optional[number]], []), "none")
          if ops.mkldnn._is_mkldnn_bf16_supported():
            y = torch.fill(w, 2.)
          else:
            y = torch.fill(w, 1.)
          return y
        """);
    try (ScriptModule module = ScriptModule.load(archive);
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray square = manager.ones(new Shape(16, 16));
      return (int) module.infer("forward", square).getFloat(0, 0);
    } catch (EngineException e) {
      return NOTHING; // an engine built without oneDNN
    }
  }
}
