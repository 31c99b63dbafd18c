package io.github.vit4j.zoo.djl;

import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooProvider;

/** Tells DJL of our models; DJL finds it by itself. */
public final class VitZooProvider implements ZooProvider {

  /** Called by DJL's service loader. */
  public VitZooProvider() {}

  @Override
  public ModelZoo getModelZoo() {
    return new VitModelZoo();
  }
}
