package io.github.vit4j.zoo;

import io.github.vit4j.image.RgbImage;

/**
 * An image that ships with the library.
 *
 * @param name the class it shows, and a number
 * @param image its pixels
 */
public record Sample(String name, RgbImage image) {}
