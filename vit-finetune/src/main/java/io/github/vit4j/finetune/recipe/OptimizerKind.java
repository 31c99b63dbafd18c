package io.github.vit4j.finetune.recipe;

/** The optimisers that recipes name. */
public enum OptimizerKind {
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2017). */
  ADAMW,
  /** AdamW's step scaled layer by layer to the weights' norm (You et al. 2019). */
  LAMB,
  /** Stochastic gradient descent with momentum. */
  SGD,
  /** Adafactor as "Scaling Vision Transformers" modified it (Zhai et al. 2021). */
  ADAFACTOR
}
