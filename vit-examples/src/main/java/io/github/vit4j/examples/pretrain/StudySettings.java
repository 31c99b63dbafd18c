package io.github.vit4j.examples.pretrain;

/**
 * What the study's runs have in common.
 *
 * @param preEpochs of pre-training
 * @param preRate of pre-training, at its highest
 * @param epochs of fine-tuning with all labels
 * @param epochsOfTenth of fine-tuning with a tenth of the labels
 * @param rate of fine-tuning, at its highest
 * @param layerDecay of pre-trained models in fine-tuning; those from scratch have none
 * @param layerScale its initial value in all models
 * @param codebook entries
 * @param pixels whether pixels are predicted instead of tokens
 */
record StudySettings(
    int preEpochs,
    double preRate,
    int epochs,
    int epochsOfTenth,
    double rate,
    double layerDecay,
    double layerScale,
    int codebook,
    boolean pixels) {}
