/**
 * Downloads into the caches that Python's tools share, and what is found there; knows no models.
 */
@NullMarked
package io.github.vit4j.zoo.hub;

import org.jspecify.annotations.NullMarked;
