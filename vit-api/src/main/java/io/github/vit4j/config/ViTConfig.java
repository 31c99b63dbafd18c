package io.github.vit4j.config;

import org.jspecify.annotations.Nullable;

/**
 * The immutable description of a Vision Transformer's architecture.
 *
 * <p>Sizes are bounded far beyond any real model (4096 branches, 2^20 patches, a width of 65536),
 * so that a file that lies cannot ask for more than fits.
 *
 * <p>Two models built from equal configurations are interchangeable: their parameters have the same
 * paths and shapes. A configuration that exists is buildable; impossible combinations are refused
 * on construction with a {@link io.github.vit4j.error.BadInputException}. Most callers never write
 * one by hand but use the builder ({@code ViT.builder()}), whose Javadoc says where each choice
 * comes from.
 *
 * @param imageHeight height of the input in pixels
 * @param imageWidth width of the input in pixels
 * @param patchSize side of a square patch in pixels
 * @param channels channels of the input
 * @param width size of a token (D)
 * @param depth number of serial blocks
 * @param parallel branches that run side by side in each block; 1 is the sequential ViT
 * @param heads attention heads
 * @param mlpWidth hidden width of a feed-forward branch, the one that its second layer reads
 * @param stem how the image becomes patch tokens
 * @param stemBias whether a linear stem has a bias
 * @param classToken whether a class token is prepended
 * @param classTokenPosition whether class and distillation token get a position embedding
 * @param registerTokens learned tokens after the class token that have no position embedding
 * @param distillationToken whether DeiT's distillation token exists
 * @param distillationHead whether that token has a head of its own, whose logits are averaged with
 *     the class token's; false without the token
 * @param pooling how tokens become one vector
 * @param finalNorm where the last LayerNorm stands
 * @param qkvBias which projections of the attention have a bias
 * @param qkNorm whether queries and keys are normalised a head
 * @param preNorm whether a LayerNorm stands before the first block, as in CLIP
 * @param normEps epsilon of every LayerNorm
 * @param activation non-linearity of the feed-forward branches
 * @param feedForward plain MLP or SwiGLU
 * @param positionEmbedding the absolute position embedding
 * @param positionResampling how positions are carried to another image size
 * @param relativePosition BEiT's relative position bias
 * @param layerScale initial value of LayerScale, or null for none
 * @param dropPath rate of stochastic depth
 * @param dropPathIncreasing whether that rate grows linearly from 0 at the first block to {@code
 *     dropPath} at the last; otherwise it is constant, as in the paper
 * @param dropout dropout rate after projections, in the feed-forward branches and after the
 *     position embedding
 * @param attentionDropout dropout rate on the attention probabilities
 * @param headDropout dropout rate before the classifier
 * @param headBias whether the classifier has a bias; CLIP's projection has none
 * @param classes outputs of the classifier; 0 builds no head and the model returns pooled features
 */
public record ViTConfig(
    int imageHeight,
    int imageWidth,
    int patchSize,
    int channels,
    int width,
    int depth,
    int parallel,
    int heads,
    int mlpWidth,
    Stem stem,
    boolean stemBias,
    boolean classToken,
    boolean classTokenPosition,
    int registerTokens,
    boolean distillationToken,
    boolean distillationHead,
    Pooling pooling,
    FinalNorm finalNorm,
    QkvBias qkvBias,
    boolean qkNorm,
    boolean preNorm,
    double normEps,
    Activation activation,
    FeedForwardKind feedForward,
    PositionEmbedding positionEmbedding,
    PositionResampling positionResampling,
    RelativePosition relativePosition,
    @Nullable Double layerScale,
    double dropPath,
    boolean dropPathIncreasing,
    double dropout,
    double attentionDropout,
    double headDropout,
    boolean headBias,
    int classes) {

  /**
   * Refuses impossible combinations. Thirty-five arguments in a row are for code that reads
   * configurations; to write one, use {@code ViT.builder()}, or {@code ViT.from} to start from
   * another.
   *
   * @throws io.github.vit4j.error.BadInputException if no such model can be built
   */
  public ViTConfig {
    distillationHead = distillationHead && distillationToken;
    ConfigRules.sizes(imageHeight, imageWidth, patchSize, channels);
    ConfigRules.shape(width, depth, parallel, heads, mlpWidth, classes);
    ConfigRules.stem(stem, patchSize, width);
    ConfigRules.tokens(classToken, registerTokens, distillationToken, pooling, finalNorm);
    ConfigRules.positions(positionEmbedding, relativePosition, classToken, width);
    ConfigRules.relative(relativePosition, registerTokens, distillationToken);
    ConfigRules.rates(normEps, layerScale, dropPath, dropout, attentionDropout, headDropout);
  }

  /** {@return rows of the patch grid} */
  public int gridHeight() {
    return imageHeight / patchSize;
  }

  /** {@return columns of the patch grid} */
  public int gridWidth() {
    return imageWidth / patchSize;
  }

  /** {@return number of patch tokens} */
  public int patches() {
    return gridHeight() * gridWidth();
  }

  /** {@return number of class, distillation and register tokens before the patch tokens} */
  public int prefixTokens() {
    return (classToken ? 1 : 0) + (distillationToken ? 1 : 0) + registerTokens;
  }

  /** {@return number of tokens that the blocks see} */
  public int tokens() {
    return prefixTokens() + patches();
  }

  /** {@return number of leading tokens that have a position embedding} */
  public int prefixPositions() {
    return classTokenPosition ? (classToken ? 1 : 0) + (distillationToken ? 1 : 0) : 0;
  }

  /** {@return size of a head} */
  public int headWidth() {
    return width / heads;
  }

  /** {@return size of the pooled vector that the head reads} */
  public int pooledWidth() {
    return pooling == Pooling.TOKEN_AND_MEAN ? 2 * width : width;
  }

  /** {@return rows of BEiT's bias table: one an offset, and three that involve the class token} */
  public int relativePositions() {
    return (2 * gridHeight() - 1) * (2 * gridWidth() - 1) + 3;
  }

  /**
   * {@return the stochastic depth rate of a block}
   *
   * @param block index of the block, from 0
   */
  public double dropPathAt(int block) {
    return dropPathIncreasing && depth > 1 ? dropPath * block / (depth - 1) : dropPath;
  }

  /**
   * {@return the same architecture at another image size}
   *
   * @param height height in pixels, a multiple of the patch size
   * @param width width in pixels, a multiple of the patch size
   * @throws io.github.vit4j.error.BadInputException if a side is not a multiple of the patch size
   */
  public ViTConfig withImageSize(int height, int width) {
    return ConfigJson.with(this, "imageHeight", height, "imageWidth", width);
  }

  /**
   * {@return the same architecture with another rate of stochastic depth, which grows from block to
   * block if this one's does}
   *
   * @param rate in [0, 1)
   * @throws io.github.vit4j.error.BadInputException if it is another
   */
  public ViTConfig withDropPath(double rate) {
    return ConfigJson.with(this, "dropPath", rate);
  }

  /**
   * {@return the same architecture with another number of classes}
   *
   * @param classes outputs of the classifier; 0 for no head
   * @throws io.github.vit4j.error.BadInputException if it is negative
   */
  public ViTConfig withClasses(int classes) {
    return ConfigJson.with(this, "classes", classes);
  }

  /** {@return this configuration as JSON, one key a component} */
  public String toJson() {
    return ConfigJson.write(this);
  }

  /**
   * {@return the configuration that {@link #toJson} wrote}
   *
   * @param json an object with every component; a {@code layerScale} of null may be left out, and
   *     so may {@code distillationHead}, {@code positionResampling} and {@code headBias}, which are
   *     newer than the form: they are true, bicubic with antialiasing, and true then
   * @throws io.github.vit4j.error.BadInputException if it is not JSON, lacks a component, has an
   *     unknown one or one of another type, or describes an impossible model
   */
  public static ViTConfig fromJson(String json) {
    return ConfigJson.read(json);
  }
}
