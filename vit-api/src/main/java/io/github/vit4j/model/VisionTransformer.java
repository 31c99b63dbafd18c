package io.github.vit4j.model;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.vit4j.compiled.CompileOptions;
import io.github.vit4j.compiled.CompiledViT;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Vision Transformer with parallel branches, as a DJL block: images (B, C, H, W) in, logits (B,
 * classes) out, or pooled features (B, D) when it was built without a head (2D wide where {@link
 * Pooling#TOKEN_AND_MEAN} pools).
 *
 * <p>A new model has shapes but no values. It takes them from {@link #initialize(NDManager)} (drawn
 * from its seed), from {@link #initialize(NDManager, WeightSource)} (a checkpoint), or from DJL's
 * own ways: a {@code Trainer}'s initialize, {@code Model.load}. Whoever passes the manager owns the
 * values.
 *
 * <p>With a distillation token a forward pass in training returns two arrays, the logits of the
 * class token and of the distillation token; otherwise their mean, as DeiT does.
 *
 * <p>Forward passes for inference may run in many threads at once.
 */
public final class VisionTransformer extends Part {

  private final ViTConfig config;
  private final PatchStem stem;
  private final TokenEmbedding embedding;
  private final @Nullable RelativeBias sharedBias;
  private final @Nullable LayerNorm normPre;
  private final List<EncoderLayer> blocks = new ArrayList<>();
  private final @Nullable LayerNorm norm;
  private final @Nullable AttentionPool attentionPool;
  private final @Nullable LayerNorm fcNorm;
  private final @Nullable Linear head;
  private final @Nullable Linear headDist;
  private final long seed;
  private final Routes routes;
  private final LowRank lowRank = new LowRank(this);
  private final List<ViTParameter> namedParameters = new ArrayList<>();

  /**
   * Builds a model from its configuration.
   *
   * @param config the architecture
   * @param seed seed of the initial values
   * @param zeroHead whether the classifier starts at zero
   */
  public VisionTransformer(ViTConfig config, long seed, boolean zeroHead) {
    this(config, seed, zeroHead, Routes.AUTOMATIC);
  }

  /**
   * Builds a model that computes by given routes.
   *
   * @param config the architecture
   * @param seed seed of the initial values
   * @param zeroHead whether the classifier starts at zero
   * @param routes the ways to compute linear layers and attention
   */
  @SuppressWarnings("this-escape")
  public VisionTransformer(ViTConfig config, long seed, boolean zeroHead, Routes routes) {
    this.config = config;
    this.routes = routes;
    this.seed = seed;
    embedding = inlined("embedding", new TokenEmbedding(config));
    stem = part("patch_embed", PatchStem.of(config));
    boolean shared = config.relativePosition().shared();
    sharedBias = shared ? part("rel_pos_bias", new RelativeBias(config, Role.POS_EMBED)) : null;
    normPre = config.preNorm() ? part("norm_pre", layerNorm()) : null;
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(part("blocks." + i, new EncoderLayer(config, i)));
    }
    boolean before = config.finalNorm() == FinalNorm.BEFORE_POOL;
    norm = before ? part("norm", layerNorm()) : null;
    attentionPool =
        config.pooling() == Pooling.MAP ? part("attn_pool", new AttentionPool(config)) : null;
    fcNorm = before ? null : part("fc_norm", layerNorm());
    head = config.classes() > 0 ? part("head", classifier(zeroHead)) : null;
    boolean second = config.classes() > 0 && config.distillationHead();
    headDist = second ? part("head_dist", classifier(zeroHead)) : null;
    collectParameters();
  }

  void collectParameters() {
    namedParameters.clear();
    collect("", -1, -1, seed, namedParameters);
  }

  private LayerNorm layerNorm() {
    return new LayerNorm(Role.NORM, config.width(), config.normEps());
  }

  private Linear classifier(boolean zero) {
    Init init = zero ? new Init.Constant(0) : new Init.TruncatedNormal(Init.STD);
    return new Linear(Role.HEAD, config.pooledWidth(), config.classes(), config.headBias(), init);
  }

  /** {@return the architecture} */
  public ViTConfig config() {
    return config;
  }

  /** {@return the ways in which this model computes} */
  public Routes routes() {
    return routes;
  }

  /** {@return every parameter with its path and role, in the data's order} */
  public List<ViTParameter> namedParameters() {
    return List.copyOf(namedParameters);
  }

  /** {@return the low-rank branches of this model, none at first} */
  public LowRank lowRank() {
    return lowRank;
  }

  List<Linear> attentionLayers(Set<LowRank.Layer> layers) {
    return blocks.stream()
        .flatMap(block -> block.attentions().stream())
        .flatMap(attention -> layers.stream().map(attention::layer))
        .toList();
  }

  /** {@return the parameters that are not frozen, in the data's order} */
  public List<ViTParameter> trainable() {
    return namedParameters.stream().filter(p -> p.parameter().requiresGradient()).toList();
  }

  /** {@return parameters and multiply-accumulates by part} */
  public ViTSummary summary() {
    return ViTSummary.of(this);
  }

  /** {@return the shape of one image, as a batch of one: (1, C, H, W)} */
  public Shape inputShape() {
    return new Shape(1, config.channels(), config.imageHeight(), config.imageWidth());
  }

  /**
   * Draws initial values from the seed.
   *
   * @param manager owner of the values, and their device
   */
  public void initialize(NDManager manager) {
    drawAtOnce(manager);
    initialize(manager, DataType.FLOAT32, inputShape());
  }

  /** Each parameter has a stream of its own, so which thread draws it makes no difference. */
  private void drawAtOnce(NDManager manager) {
    List<ViTParameter> ours =
        namedParameters.stream()
            .filter(p -> !p.parameter().isInitialized())
            .filter(p -> p.parameter().getInitializer() instanceof Init.Seeded)
            .toList();
    List<NDArray> drawn =
        ours.parallelStream()
            .map(
                p ->
                    p.parameter().getInitializer().initialize(manager, p.shape(), DataType.FLOAT32))
            .toList();
    for (int i = 0; i < ours.size(); i++) {
      give(ours.get(i).parameter(), drawn.get(i), manager);
    }
  }

  /**
   * Takes the values from elsewhere, without drawing any first. Values that the model already has
   * are replaced, and stay as they were if the source fails.
   *
   * @param manager owner of the values, and their device
   * @param source gives each parameter its values
   * @throws BadInputException if the source gives an array of another shape
   */
  public void initialize(NDManager manager, WeightSource source) {
    List<NDArray> values = new ArrayList<>();
    try {
      for (ViTParameter p : namedParameters) {
        values.add(source.values(p, manager));
        checkShape(p, values.get(values.size() - 1).getShape());
      }
    } catch (RuntimeException e) {
      values.forEach(NDArray::close);
      throw e;
    }
    for (int i = 0; i < values.size(); i++) {
      give(namedParameters.get(i).parameter(), values.get(i), manager);
    }
    initialize(manager, DataType.FLOAT32, inputShape());
  }

  private static void give(Parameter parameter, NDArray given, NDManager manager) {
    Initializer own = parameter.getInitializer();
    parameter.close();
    parameter.setInitializer((owner, shape, type) -> given);
    parameter.initialize(manager, given.getDataType());
    parameter.setInitializer(own); // or it would hold the values for as long as the model lives
  }

  private static void checkShape(ViTParameter p, Shape given) {
    if (!given.equals(p.shape())) {
      throw new BadInputException(
          "%s has shape %s, but the model needs %s; build the model from the configuration that the"
                  .formatted(p.path(), given, p.shape())
              + " values were made with");
    }
  }

  /**
   * Freezes parameters, or makes them trainable again. Sin-cos positions and the running statistics
   * of BatchNorm are never trained, so they stay frozen; DJL thaws whatever it has loaded.
   */
  @Override
  public void freezeParameters(boolean freeze) {
    freezeParameters(freeze, p -> true);
  }

  /** As {@link #freezeParameters(boolean)}, for the parameters that a predicate chooses. */
  @Override
  public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
    boolean fixedPositions = config.positionEmbedding() == PositionEmbedding.SIN_COS;
    for (ViTParameter p : namedParameters) {
      boolean fixed = p.isBuffer() || (fixedPositions && p.path().equals("pos_embed"));
      if (predicate.test(p.parameter()) && (freeze || !fixed)) {
        p.parameter().freeze(freeze);
      }
    }
  }

  /**
   * The same model at another image size: a new, independent model whose position embedding and
   * relative position tables are resampled as {@link ViTConfig#positionResampling} says, and whose
   * other values are copies. What is frozen stays frozen.
   *
   * @param manager owner of the new model's values
   * @param height height of the images in pixels, a multiple of the patch size
   * @param width width of the images in pixels, a multiple of the patch size
   * @return the new model
   * @throws BadInputException if the size is not a multiple of the patch size, or this model has no
   *     values
   */
  public VisionTransformer resizedTo(NDManager manager, int height, int width) {
    ViTConfig resized = config.withImageSize(height, width);
    requireValues();
    VisionTransformer model = new VisionTransformer(resized, 0, false, routes);
    model.lowRank.addLike(lowRank);
    model.initialize(manager, new ResizedWeights(this, resized));
    for (int i = 0; i < namedParameters.size(); i++) {
      boolean frozen = !namedParameters.get(i).parameter().requiresGradient();
      model.namedParameters.get(i).parameter().freeze(frozen);
    }
    return model;
  }

  /**
   * Runs the model for inference and keeps what is asked for.
   *
   * @param images (B, C, H, W)
   * @param wishes what to keep beside logits, pooled features and final tokens
   * @return what was seen; the caller closes it
   * @throws BadInputException if a wish names a block that does not exist, or the images do not fit
   */
  public ViTOutput observe(NDArray images, Observe... wishes) {
    boolean embeddings = Observe.anyEmbeddings(wishes);
    Set<Integer> tokens = Observe.blocks(Observe.Kind.TOKENS, config, wishes);
    Set<Integer> attention = Observe.blocks(Observe.Kind.ATTENTION, config, wishes);
    Observer observer =
        new Observer(images.getManager().newSubManager(), embeddings, tokens, attention);
    Pass pass = Pass.observed(new ParameterStore(images.getManager(), false), observer, routes);
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray features = encode(pass, images, scope);
      NDArray pooled = pool(pass, features);
      NDArray logits = head == null ? null : logits(pass, features, pooled).get(0);
      return new ViTOutput(
          logits == null ? null : observer.kept(logits),
          observer.kept(pooled),
          observer.kept(features),
          observer);
    } catch (RuntimeException e) {
      observer.manager.close();
      throw e;
    }
  }

  /** {@return this model as a faster program for inference in float32; the caller closes it} */
  public CompiledViT compile() {
    return compile(CompileOptions.float32());
  }

  /**
   * Compiles this model, with its weights as they are now, for the device that they are on.
   *
   * @param options how
   * @return the program; the caller closes it
   * @throws BadInputException if the model has no values or low-rank branches that are not merged,
   *     or the processor lacks what the options ask for
   */
  public CompiledViT compile(CompileOptions options) {
    Map<String, NDArray> weights = finalWeights();
    Device device = weights.values().iterator().next().getDevice();
    return CompiledViT.of(config, weights::get, device, options);
  }

  /**
   * Saves this model as a TorchScript file that DJL, libtorch and Python load without this library.
   *
   * @param file where to; an existing file is replaced once the new one is complete
   * @throws BadInputException if the model has no values or low-rank branches that are not merged,
   *     or the file cannot be written
   */
  public void exportTorchScript(Path file) {
    CompiledViT.export(config, finalWeights()::get, file);
  }

  private Map<String, NDArray> finalWeights() {
    if (lowRank.unmerged().isPresent()) {
      throw new BadInputException(
          "the model has low-rank branches beside its weights; call lowRank().merge() first");
    }
    requireValues();
    Map<String, NDArray> weights = new HashMap<>();
    namedParameters.forEach(p -> weights.put(p.path(), p.array()));
    return weights;
  }

  private void requireValues() {
    for (ViTParameter p : namedParameters) {
      if (!p.parameter().isInitialized()) {
        throw new BadInputException(
            p.path() + " has no values yet; initialise or load the model first");
      }
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray images = inputs.singletonOrThrow();
    requirePrecision(training, images);
    Pass pass = Pass.of(store, training, routes).recomputing(Recomputation.in(params));
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray features = encode(pass, images, scope);
      NDArray pooled = pool(pass, features);
      NDList out = head == null ? new NDList(pooled) : logits(pass, features, pooled);
      out.attach(images.getManager());
      return out;
    }
  }

  void requirePrecision(boolean training, NDArray images) {
    if (training) {
      routes.training().require(images.getDevice(), "train in float32");
    }
  }

  @Override
  NDArray apply(Pass pass, NDArray images) {
    throw new IllegalStateException("a whole model runs by forward or observe");
  }

  /** Image -> stem -> blocks -> norm: the tokens (B, T, D) that the pool reads. */
  NDArray encode(Pass pass, NDArray images, NDManager scope) {
    checkInput(images);
    Recomputation recomputation = pass.recomputation();
    NDArray x =
        Scope.run(
            images,
            recomputation == null ? scope : images.getManager(),
            in -> {
              TokenMask mask = pass.mask();
              NDArray patches = mask == null ? stem.apply(pass, in) : mask.tokens(pass, stem, in);
              NDArray tokens = embedding.apply(pass, patches);
              if (pass.observer() != null) {
                pass.observer().embeddings(tokens);
              }
              return normPre == null ? tokens : normPre.apply(pass, tokens);
            });
    if (sharedBias != null) {
      pass.shareBias(sharedBias.apply(pass, x));
    }
    if (recomputation != null) {
      boolean biasLearned = sharedBias != null && sharedBias.learns();
      NDArray features = recomputation.forward(pass, blocks, x, tokensLearn(pass), biasLearned);
      return Scope.run(features, scope, in -> norm == null ? in : norm.apply(pass, in));
    }
    for (int i = 0; i < blocks.size(); i++) {
      NDArray next = blocks.get(i).apply(pass, x);
      x.close();
      x = next;
      if (pass.observer() != null) {
        pass.observer().tokens(i, x);
      }
    }
    return norm == null ? x : norm.apply(pass, x);
  }

  /** Whether anything before the blocks takes a gradient. */
  private boolean tokensLearn(Pass pass) {
    TokenMask mask = pass.mask();
    return stem.learns()
        || embedding.learns()
        || (normPre != null && normPre.learns())
        || (mask != null && mask.learns());
  }

  /** (B, T, D) -> (B, D), or (B, 2D) with the class token and the mean. */
  private NDArray pool(Pass pass, NDArray features) {
    NDArray pooled =
        switch (config.pooling()) {
          case TOKEN -> features.get(":, 0");
          case MEAN -> patchMean(features);
          case TOKEN_AND_MEAN -> features.get(":, 0").concat(patchMean(features), 1);
          case MAP -> requireNonNull(attentionPool).apply(pass, patches(features));
        };
    return fcNorm == null ? pooled : fcNorm.apply(pass, pooled);
  }

  private NDArray patchMean(NDArray features) {
    return patches(features).mean(new int[] {1});
  }

  private NDArray patches(NDArray features) {
    return features.get(":, {}:", config.prefixTokens());
  }

  /** (B, D) -> (B, classes); in training with a distillation token, one for each of the heads. */
  private NDList logits(Pass pass, NDArray features, NDArray pooled) {
    float rate = (float) config.headDropout();
    NDArray classLogits = requireNonNull(head).apply(pass, Dropout.apply(pass, pooled, rate));
    if (headDist == null) {
      return new NDList(classLogits);
    }
    NDArray distilled = features.get(":, 1"); // the distillation token follows the class token
    NDArray distLogits = headDist.apply(pass, Dropout.apply(pass, distilled, rate));
    return pass.training()
        ? new NDList(classLogits, distLogits)
        : new NDList(Scalars.times(classLogits.add(distLogits), 0.5));
  }

  private void checkInput(NDArray images) {
    if (!images.getDataType().isFloating()) {
      throw new BadInputException(
          "input of type %s does not fit; give normalised pixels as float32, as EvalTransform does"
              .formatted(images.getDataType()));
    }
    Shape shape = images.getShape();
    boolean fits =
        shape.dimension() == 4
            && shape.get(1) == config.channels()
            && shape.get(2) == config.imageHeight()
            && shape.get(3) == config.imageWidth();
    if (!fits) {
      throw new BadInputException(
          "input of shape %s does not fit; this model takes (B, %d, %d, %d): resize the images, or"
                  .formatted(shape, config.channels(), config.imageHeight(), config.imageWidth())
              + " adapt the model with resizedTo(manager, height, width)");
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long outputs = config.classes() > 0 ? config.classes() : config.pooledWidth();
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
