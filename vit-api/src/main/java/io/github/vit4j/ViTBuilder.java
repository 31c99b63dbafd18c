package io.github.vit4j;

import io.github.vit4j.compute.AttentionRoute;
import io.github.vit4j.compute.LinearRoute;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.Stem;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes a Vision Transformer, verb by verb.
 *
 * <p>Without any verb it is ViT-Base/16 for 224 pixels and 1000 classes: linear stem, class token
 * with a learned position, biases everywhere, GELU, LayerNorm with epsilon 1e-6 before every branch
 * and before the head, no LayerScale, no dropout. A preset ({@link #tiny()} to {@link #gigantic()},
 * {@link #variant}) sets width, depth, heads and MLP width, and for huge and larger the patch size;
 * any verb may then change any of them, whatever the order.
 *
 * <p>The defaults that verbs name, and those that follow from other choices, are {@link
 * ViT#builder}'s. A builder that starts from a configuration keeps whatever no verb chooses: who
 * makes a plain MLP {@link #swiglu()} says the {@link #activation} of the gate, too, and who pools
 * by mean, where the norm stands and whether the class token stays.
 *
 * <p>Each choice can be made once. A value is checked where it is given, the combination in {@link
 * #build()} and {@link #config()}; both throw {@link BadInputException} with the remedy. A builder
 * is not thread-safe and may be built from more than once.
 */
public final class ViTBuilder {

  private final @Nullable ViTConfig base;
  private final Set<String> chosen = new HashSet<>();

  private @Nullable PresetShape preset;
  private int imageHeight;
  private int imageWidth;
  private int patchSize;
  private int channels;
  private int width;
  private int depth;
  private int parallel;
  private int heads;
  private int mlpWidth;
  private double mlpRatio;
  private @Nullable Stem stem;
  private boolean stemBias;
  private boolean classToken;
  private boolean classTokenPosition;
  private int registerTokens;
  private boolean distillationToken;
  private boolean distillationHead;
  private @Nullable Pooling pooling;
  private @Nullable FinalNorm finalNorm;
  private @Nullable QkvBias qkvBias;
  private boolean qkNorm;
  private boolean preNorm;
  private double normEps;
  private @Nullable Activation activation;
  private @Nullable FeedForwardKind feedForward;
  private @Nullable PositionEmbedding positionEmbedding;
  private @Nullable PositionResampling positionResampling;
  private @Nullable RelativePosition relativePosition;
  private @Nullable Double layerScale;
  private double dropPath;
  private boolean dropPathIncreasing;
  private double dropout;
  private double attentionDropout;
  private double headDropout;
  private boolean headBias;
  private int classes;
  private long seed;
  private boolean zeroHead;
  private @Nullable LinearRoute linearRoute;
  private @Nullable AttentionRoute attentionRoute;
  private Precision trainingPrecision = Precision.FLOAT32;

  ViTBuilder() {
    this(null);
  }

  ViTBuilder(@Nullable ViTConfig base) {
    this.base = base;
  }

  /** {@return this, with the shape of ViT-Ti/16: width 192, depth 12, 3 heads} */
  public ViTBuilder tiny() {
    return variant("Ti/16");
  }

  /** {@return this, with the shape of ViT-S/16: width 384, depth 12, 6 heads} */
  public ViTBuilder small() {
    return variant("S/16");
  }

  /** {@return this, with the shape of ViT-B/16: width 768, depth 12, 12 heads} */
  public ViTBuilder base() {
    return variant("B/16");
  }

  /** {@return this, with the shape of ViT-L/16: width 1024, depth 24, 16 heads} */
  public ViTBuilder large() {
    return variant("L/16");
  }

  /** {@return this, with the shape of ViT-H/14: width 1280, depth 32, 16 heads} */
  public ViTBuilder huge() {
    return variant("H/14");
  }

  /**
   * {@return this, with the shape of ViT-g/14 of Scaling Vision Transformers (table 2): width 1408,
   * depth 40, 16 heads, MLP 6144}
   */
  public ViTBuilder giant() {
    return variant("g/14");
  }

  /**
   * {@return this, with the shape of ViT-G/14 of Scaling Vision Transformers (table 2): width 1664,
   * depth 48, 16 heads, MLP 8192}
   */
  public ViTBuilder gigantic() {
    return variant("G/14");
  }

  /**
   * Takes a shape by its name in Scaling Vision Transformers (table 2) and big_vision: {@code s},
   * {@code Ti}, {@code S}, {@code B}, {@code L}, {@code H}, {@code g} or {@code G}, and the patch
   * size, as in {@code s/28} or {@code G/14}. Capitals matter.
   *
   * @param name the name
   * @return this, with width, depth, heads, MLP width and patch size
   */
  public ViTBuilder variant(String name) {
    once("preset");
    preset = PresetShape.named(name);
    return this;
  }

  /**
   * Sets a square image size.
   *
   * @param pixels side in pixels, a multiple of the patch size; default 224
   * @return this
   */
  public ViTBuilder imageSize(int pixels) {
    return imageSize(pixels, pixels);
  }

  /**
   * Sets the image size.
   *
   * @param height in pixels, a multiple of the patch size; default 224
   * @param width in pixels, a multiple of the patch size; default 224
   * @return this
   */
  public ViTBuilder imageSize(int height, int width) {
    once("imageSize");
    imageHeight = atLeast(1, "image height", height);
    imageWidth = atLeast(1, "image width", width);
    return this;
  }

  /**
   * Sets the side of a patch.
   *
   * @param patchSize in pixels; default 16, or 14 from huge upwards
   * @return this
   */
  public ViTBuilder patchSize(int patchSize) {
    once("patchSize");
    this.patchSize = atLeast(1, "patchSize", patchSize);
    return this;
  }

  /**
   * Sets the channels of the input.
   *
   * @param channels default 3
   * @return this
   */
  public ViTBuilder channels(int channels) {
    once("channels");
    this.channels = atLeast(1, "channels", channels);
    return this;
  }

  /**
   * Sets the size of a token.
   *
   * @param width a multiple of the number of heads
   * @return this
   */
  public ViTBuilder width(int width) {
    once("width");
    this.width = atLeast(1, "width", width);
    return this;
  }

  /**
   * Sets the number of serial blocks.
   *
   * @param depth 1 or more
   * @return this
   */
  public ViTBuilder depth(int depth) {
    once("depth");
    this.depth = atLeast(1, "depth", depth);
    return this;
  }

  /**
   * Sets the branches that run side by side in each block (Three things, section 3). A model of
   * depth 18 and 2 branches is the paper's 18x2: as many parameters as depth 36.
   *
   * @param parallel default 1, the sequential model
   * @return this
   */
  public ViTBuilder parallel(int parallel) {
    once("parallel");
    this.parallel = atLeast(1, "parallel", parallel);
    return this;
  }

  /**
   * Sets the number of attention heads.
   *
   * @param heads a divisor of the width
   * @return this
   */
  public ViTBuilder heads(int heads) {
    once("heads");
    this.heads = atLeast(1, "heads", heads);
    return this;
  }

  /**
   * Sets the hidden width of the feed-forward branches, the one that their second layer reads.
   *
   * @param mlpWidth hidden width; default 4 x width
   * @return this
   */
  public ViTBuilder mlpWidth(int mlpWidth) {
    once("mlp width or ratio");
    this.mlpWidth = atLeast(1, "mlpWidth", mlpWidth);
    return this;
  }

  /**
   * Sets the hidden width of the feed-forward branches as a multiple of the width.
   *
   * @param ratio hidden width over width, the product truncated; default 4
   * @return this
   */
  public ViTBuilder mlpRatio(double ratio) {
    once("mlp width or ratio");
    if (!(ratio > 0) || ratio > 1000) {
      throw new BadInputException("mlpRatio must lie in (0, 1000], but is " + ratio);
    }
    mlpRatio = ratio;
    return this;
  }

  /**
   * Chooses the linear stem: one projection a patch. This is the default.
   *
   * @return this
   */
  public ViTBuilder linearStem() {
    once("stem");
    stem = Stem.linear();
    return this;
  }

  /**
   * Chooses the hierarchical MLP stem (Three things, section 5) with BatchNorm and the paper's
   * kernels 4, 2, 2, which make patches of 16 pixels.
   *
   * @return this
   */
  public ViTBuilder hmlpStem() {
    return hmlpStem(StemNorm.BATCH_NORM);
  }

  /**
   * Chooses the hierarchical MLP stem with kernels of one's own and BatchNorm.
   *
   * @param kernels kernel (and stride) of each layer; their product is the patch size
   * @return this
   */
  public ViTBuilder hmlpStem(int... kernels) {
    return hmlpStem(StemNorm.BATCH_NORM, kernels);
  }

  /**
   * Chooses the hierarchical MLP stem.
   *
   * @param norm BatchNorm or LayerNorm between its layers
   * @param kernels kernel (and stride) of each layer, whose product is the patch size; none means
   *     the paper's 4, 2, 2
   * @return this
   */
  public ViTBuilder hmlpStem(StemNorm norm, int... kernels) {
    once("stem");
    List<Integer> given = Arrays.stream(kernels).boxed().toList();
    stem = Stem.hmlp(norm, given.isEmpty() ? Stem.PAPER_KERNELS : given);
    return this;
  }

  /**
   * Chooses the overlapping convolutional stem of LeViT with BatchNorm, the paper's baseline.
   *
   * @return this
   */
  public ViTBuilder convStem() {
    return convStem(StemNorm.BATCH_NORM);
  }

  /**
   * Chooses the overlapping convolutional stem of LeViT.
   *
   * @param norm BatchNorm or LayerNorm between its layers
   * @return this
   */
  public ViTBuilder convStem(StemNorm norm) {
    once("stem");
    stem = Stem.conv(norm);
    return this;
  }

  /**
   * Sets whether a linear stem has a bias.
   *
   * @param stemBias default true, except with {@link #preNorm()}, whose norm has a bias of its own
   * @return this
   */
  public ViTBuilder stemBias(boolean stemBias) {
    once("stemBias");
    this.stemBias = stemBias;
    return this;
  }

  /**
   * Sets whether a class token is prepended.
   *
   * @param classToken default true, except with mean or map pooling
   * @return this
   */
  public ViTBuilder classToken(boolean classToken) {
    once("classToken");
    this.classToken = classToken;
    return this;
  }

  /**
   * Sets whether the class token (and the distillation token) gets a position embedding. The
   * original ViT and DeiT say yes; DeiT III and the code of Three things say no.
   *
   * @param classTokenPosition default true
   * @return this
   */
  public ViTBuilder classTokenPosition(boolean classTokenPosition) {
    once("classTokenPosition");
    this.classTokenPosition = classTokenPosition;
    return this;
  }

  /**
   * Sets the number of register tokens (Darcet et al. 2023). They stand after the class token and
   * have no position embedding.
   *
   * @param registerTokens default 0
   * @return this
   */
  public ViTBuilder registerTokens(int registerTokens) {
    once("registerTokens");
    this.registerTokens = atLeast(0, "registerTokens", registerTokens);
    return this;
  }

  /**
   * Adds DeiT's distillation token and its second head. At inference the two heads' logits are
   * averaged; in training both are returned.
   *
   * @return this
   */
  public ViTBuilder distillationToken() {
    once("distillationToken");
    distillationToken = true;
    return this;
  }

  /**
   * Sets whether a distillation token has a head of its own. transformers' {@code
   * DeiTForImageClassification} keeps the token among the others and classifies by the class token
   * alone.
   *
   * @param distillationHead default true; means nothing without {@link #distillationToken()}
   * @return this
   */
  public ViTBuilder distillationHead(boolean distillationHead) {
    once("distillationHead");
    this.distillationHead = distillationHead;
    return this;
  }

  /**
   * Sets how the tokens become one vector.
   *
   * @param pooling default {@link Pooling#TOKEN}; mean and map drop the class token unless it is
   *     asked for
   * @return this
   */
  public ViTBuilder pooling(Pooling pooling) {
    once("pooling");
    this.pooling = pooling;
    return this;
  }

  /**
   * Sets where the last LayerNorm stands.
   *
   * @param finalNorm default before pooling; with mean pooling after it, as in timm and BEiT
   * @return this
   */
  public ViTBuilder finalNorm(FinalNorm finalNorm) {
    once("finalNorm");
    this.finalNorm = finalNorm;
    return this;
  }

  /**
   * Sets which of the query, key and value projections have a bias.
   *
   * @param qkvBias default all
   * @return this
   */
  public ViTBuilder qkvBias(QkvBias qkvBias) {
    once("qkvBias");
    this.qkvBias = qkvBias;
    return this;
  }

  /**
   * Normalises queries and keys, a LayerNorm for each over the size of a head.
   *
   * @return this
   */
  public ViTBuilder qkNorm() {
    once("qkNorm");
    qkNorm = true;
    return this;
  }

  /**
   * Puts a LayerNorm before the first block, as CLIP does.
   *
   * @return this
   */
  public ViTBuilder preNorm() {
    once("preNorm");
    preNorm = true;
    return this;
  }

  /**
   * Sets the epsilon of every LayerNorm outside the stem.
   *
   * @param eps in (0, 1); default 1e-6
   * @return this
   */
  public ViTBuilder normEps(double eps) {
    once("normEps");
    if (!(eps > 0) || eps >= 1) {
      throw new BadInputException("normEps must lie in (0, 1), but is " + eps);
    }
    normEps = eps;
    return this;
  }

  /**
   * Sets the non-linearity of the feed-forward branches.
   *
   * @param activation default {@link Activation#GELU}, or {@link Activation#SILU} with {@link
   *     #swiglu()}
   * @return this
   */
  public ViTBuilder activation(Activation activation) {
    once("activation");
    this.activation = activation;
    return this;
  }

  /**
   * Makes the feed-forward branches SwiGLU: the first layer gives two halves, and one gates the
   * other.
   *
   * @return this
   */
  public ViTBuilder swiglu() {
    once("feedForward");
    feedForward = FeedForwardKind.SWIGLU;
    return this;
  }

  /**
   * Sets the absolute position embedding.
   *
   * @param positionEmbedding default learned
   * @return this
   */
  public ViTBuilder positionEmbedding(PositionEmbedding positionEmbedding) {
    once("positionEmbedding");
    this.positionEmbedding = positionEmbedding;
    return this;
  }

  /**
   * Sets how positions are carried to another image size.
   *
   * @param positionResampling default {@link PositionResampling#BICUBIC_ANTIALIASED}, timm's way
   * @return this
   */
  public ViTBuilder positionResampling(PositionResampling positionResampling) {
    once("positionResampling");
    this.positionResampling = positionResampling;
    return this;
  }

  /**
   * Sets BEiT's relative position bias.
   *
   * @param relativePosition default none
   * @return this
   */
  public ViTBuilder relativePosition(RelativePosition relativePosition) {
    once("relativePosition");
    this.relativePosition = relativePosition;
    return this;
  }

  /**
   * Chooses what BEiT (Bao et al. 2021) is pre-trained with: one relative position bias that all
   * blocks share instead of absolute positions, LayerScale of 0.1 (its code's value for B; 1e-5 for
   * L), and biases on queries and values alone.
   *
   * @return this
   */
  public ViTBuilder beit() {
    return relativePosition(RelativePosition.SHARED)
        .positionEmbedding(PositionEmbedding.NONE)
        .qkvBias(QkvBias.QV_ONLY)
        .layerScale(0.1);
  }

  /**
   * Scales every branch's output by a learned factor a channel (LayerScale, Touvron et al. 2021).
   *
   * @param init initial value; the paper's code uses 1e-4
   * @return this
   */
  public ViTBuilder layerScale(double init) {
    once("layerScale");
    if (!Double.isFinite(init)) {
      throw new BadInputException("layerScale must be a finite number, but is " + init);
    }
    layerScale = init;
    return this;
  }

  /**
   * Drops whole residual branches in training, with the same rate in every block, as in the paper.
   *
   * @param rate in [0, 1); the paper uses 0 for Ti, .05 for S, .1 for B and .4 for L
   * @return this
   */
  public ViTBuilder dropPath(double rate) {
    once("dropPath");
    dropPath = rate("dropPath", rate);
    return this;
  }

  /**
   * Drops whole residual branches in training, with a rate that grows linearly from 0 in the first
   * block to the given rate in the last.
   *
   * @param rate in [0, 1)
   * @return this
   */
  public ViTBuilder dropPathIncreasing(double rate) {
    dropPath(rate);
    dropPathIncreasing = true;
    return this;
  }

  /**
   * Sets the dropout rate after the position embedding, after projections, and in the feed-forward
   * branches.
   *
   * @param rate in [0, 1); default 0
   * @return this
   */
  public ViTBuilder dropout(double rate) {
    once("dropout");
    dropout = rate("dropout", rate);
    return this;
  }

  /**
   * Sets the dropout rate on the attention probabilities.
   *
   * @param rate in [0, 1); default 0
   * @return this
   */
  public ViTBuilder attentionDropout(double rate) {
    once("attentionDropout");
    attentionDropout = rate("attentionDropout", rate);
    return this;
  }

  /**
   * Sets the dropout rate before the classifier.
   *
   * @param rate in [0, 1); default 0
   * @return this
   */
  public ViTBuilder headDropout(double rate) {
    once("headDropout");
    headDropout = rate("headDropout", rate);
    return this;
  }

  /**
   * Sets whether the classifier has a bias.
   *
   * @param headBias default true; CLIP's projection to the space that it shares with text has none
   * @return this
   */
  public ViTBuilder headBias(boolean headBias) {
    once("headBias");
    this.headBias = headBias;
    return this;
  }

  /**
   * Sets the outputs of the classifier.
   *
   * @param classes default 1000; 0 builds no head, and the model returns pooled features
   * @return this
   */
  public ViTBuilder classes(int classes) {
    once("classes");
    this.classes = atLeast(0, "classes", classes);
    return this;
  }

  /**
   * Builds no classifier: the model returns pooled features.
   *
   * @return this
   */
  public ViTBuilder noHead() {
    return classes(0);
  }

  /**
   * Sets the seed of the initial values. Equal seeds and configurations give equal values, bit for
   * bit.
   *
   * @param seed any number; default 0
   * @return this
   */
  public ViTBuilder seed(long seed) {
    once("seed");
    this.seed = seed;
    return this;
  }

  /**
   * Starts the classifier at zero, as Flax models do, instead of small random values.
   *
   * @return this
   */
  public ViTBuilder zeroHead() {
    once("zeroHead");
    zeroHead = true;
    return this;
  }

  /**
   * Fixes how linear layers are computed. This is no part of the architecture: no configuration
   * holds it, and results differ in their last bits only.
   *
   * @param route default {@link LinearRoute#on}; a GPU always takes the engine's own
   * @return this builder
   */
  public ViTBuilder linearRoute(LinearRoute route) {
    once("linearRoute");
    linearRoute = route;
    return this;
  }

  /**
   * Fixes how attention is computed. This is no part of the architecture: no configuration holds
   * it, and results differ in their last bits only.
   *
   * @param route default {@link AttentionRoute#on}
   * @return this builder
   */
  public ViTBuilder attentionRoute(AttentionRoute route) {
    once("attentionRoute");
    attentionRoute = route;
    return this;
  }

  /**
   * Chooses what the products of linear layers inside blocks are computed with in training. This is
   * no part of the architecture: no configuration holds it, weights and gradients are float32, and
   * so are inference, stem, norms, attention's map, residual sums and head.
   *
   * @param precision default {@link Precision#FLOAT32}
   * @return this builder
   */
  public ViTBuilder trainingPrecision(Precision precision) {
    once("trainingPrecision");
    trainingPrecision = precision;
    return this;
  }

  /**
   * {@return the architecture described so far}
   *
   * @throws BadInputException if the combination is impossible
   */
  public ViTConfig config() {
    return base == null ? fresh() : adjusted(base);
  }

  /**
   * {@return a model, without values yet}
   *
   * @throws BadInputException if the combination is impossible
   */
  public VisionTransformer build() {
    Routes routes = new Routes(linearRoute, attentionRoute, trainingPrecision);
    return new VisionTransformer(config(), seed, zeroHead, routes);
  }

  /** The defaults, some of which follow from other choices. */
  private ViTConfig fresh() {
    PresetShape shape = preset == null ? new PresetShape(768, 12, 12, 3072, 16) : preset;
    Pooling pool = pooling == null ? Pooling.TOKEN : pooling;
    boolean gated = feedForward == FeedForwardKind.SWIGLU;
    // BEiT pools by mean and still needs its class token for the relative position bias
    boolean relative = relativePosition != null && relativePosition != RelativePosition.NONE;
    boolean token = pool == Pooling.TOKEN || pool == Pooling.TOKEN_AND_MEAN || relative;
    ViTConfig defaults =
        new ViTConfig(
            16 * shape.patchSize(),
            16 * shape.patchSize(),
            shape.patchSize(),
            3,
            shape.width(),
            shape.depth(),
            1,
            shape.heads(),
            shape.mlpWidth(),
            Stem.linear(),
            !preNorm,
            token,
            token,
            0,
            false,
            true,
            pool,
            pool == Pooling.MEAN ? FinalNorm.AFTER_POOL : FinalNorm.BEFORE_POOL,
            QkvBias.ALL,
            false,
            false,
            1e-6,
            gated ? Activation.SILU : Activation.GELU,
            FeedForwardKind.MLP,
            PositionEmbedding.LEARNED,
            PositionResampling.BICUBIC_ANTIALIASED,
            RelativePosition.NONE,
            null,
            0,
            false,
            0,
            0,
            0,
            true,
            1000);
    return adjusted(defaults);
  }

  /** What was chosen, over what was there. */
  private ViTConfig adjusted(ViTConfig from) {
    int w = pick("width", width, preset == null ? from.width() : preset.width());
    boolean token = pick("classToken", classToken, from.classToken());
    int p = pick("patchSize", patchSize, preset == null ? from.patchSize() : preset.patchSize());
    boolean sized = chosen.contains("imageSize");
    int side = base == null ? 224 : 0;
    return new ViTConfig(
        sized ? imageHeight : side > 0 ? side : from.imageHeight(),
        sized ? imageWidth : side > 0 ? side : from.imageWidth(),
        p,
        pick("channels", channels, from.channels()),
        w,
        pick("depth", depth, preset == null ? from.depth() : preset.depth()),
        pick("parallel", parallel, from.parallel()),
        pick("heads", heads, preset == null ? from.heads() : preset.heads()),
        hidden(w, from),
        pick("stem", stem, from.stem()),
        pick("stemBias", stemBias, from.stemBias()),
        token,
        token
            && pick(
                "classTokenPosition",
                classTokenPosition,
                from.classTokenPosition() || !from.classToken()),
        pick("registerTokens", registerTokens, from.registerTokens()),
        distillationToken || from.distillationToken(),
        pick(
            "distillationHead",
            distillationHead,
            from.distillationHead() || !from.distillationToken()),
        pick("pooling", pooling, from.pooling()),
        pick("finalNorm", finalNorm, from.finalNorm()),
        pick("qkvBias", qkvBias, from.qkvBias()),
        qkNorm || from.qkNorm(),
        preNorm || from.preNorm(),
        pick("normEps", normEps, from.normEps()),
        pick("activation", activation, from.activation()),
        pick("feedForward", feedForward, from.feedForward()),
        pick("positionEmbedding", positionEmbedding, from.positionEmbedding()),
        pick("positionResampling", positionResampling, from.positionResampling()),
        pick("relativePosition", relativePosition, from.relativePosition()),
        layerScale == null ? from.layerScale() : layerScale,
        pick("dropPath", dropPath, from.dropPath()),
        pick("dropPath", dropPathIncreasing, from.dropPathIncreasing()),
        pick("dropout", dropout, from.dropout()),
        pick("attentionDropout", attentionDropout, from.attentionDropout()),
        pick("headDropout", headDropout, from.headDropout()),
        pick("headBias", headBias, from.headBias()),
        pick("classes", classes, from.classes()));
  }

  private int hidden(int width, ViTConfig from) {
    if (mlpWidth > 0) {
      return mlpWidth;
    }
    if (mlpRatio > 0) {
      return (int) (width * mlpRatio);
    }
    int hidden = preset == null ? from.mlpWidth() : preset.mlpWidth();
    int of = preset == null ? from.width() : preset.width();
    return Math.max(1, (int) Math.round((double) hidden * width / of));
  }

  private <T> T pick(String verb, @Nullable T given, T otherwise) {
    return chosen.contains(verb) ? Objects.requireNonNull(given) : otherwise;
  }

  private void once(String verb) {
    if (!chosen.add(verb)) {
      throw new BadInputException(
          verb + " was already chosen on this builder; choose it once, or start a new builder");
    }
  }

  private static int atLeast(int limit, String name, int value) {
    if (value < limit) {
      throw new BadInputException(
          "%s must be at least %d, but is %d".formatted(name, limit, value));
    }
    return value;
  }

  private static double rate(String name, double rate) {
    if (!(rate >= 0) || rate >= 1) {
      throw new BadInputException("%s must lie in [0, 1), but is %s".formatted(name, rate));
    }
    return rate;
  }
}
