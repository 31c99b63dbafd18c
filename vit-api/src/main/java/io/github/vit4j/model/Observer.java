package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps what was asked for during one pass, in a manager that outlives the pass. */
final class Observer {

  /** Where an attention map comes from. */
  record Place(int block, int branch) {}

  final NDManager manager;
  final Map<Integer, NDArray> tokens = new LinkedHashMap<>();
  final Map<Place, NDArray> attention = new LinkedHashMap<>();
  @Nullable NDArray embeddings;
  private final boolean wantsEmbeddings;
  private final Set<Integer> tokenBlocks;
  private final Set<Integer> attentionBlocks;

  Observer(
      NDManager manager,
      boolean wantsEmbeddings,
      Set<Integer> tokenBlocks,
      Set<Integer> attentionBlocks) {
    this.manager = manager;
    this.wantsEmbeddings = wantsEmbeddings;
    this.tokenBlocks = tokenBlocks;
    this.attentionBlocks = attentionBlocks;
  }

  void embeddings(NDArray x) {
    if (wantsEmbeddings) {
      embeddings = kept(x);
    }
  }

  void tokens(int block, NDArray x) {
    if (tokenBlocks.contains(block)) {
      tokens.put(block, kept(x));
    }
  }

  boolean wantsAttention(int block) {
    return attentionBlocks.contains(block);
  }

  void attention(int block, int branch, NDArray map) {
    if (wantsAttention(block)) {
      attention.put(new Place(block, branch), kept(map));
    }
  }

  /** A view of its own, since the pass frees its arrays as it goes. */
  NDArray kept(NDArray x) {
    NDArray view = x.reshape(x.getShape());
    view.attach(manager);
    return view;
  }
}
