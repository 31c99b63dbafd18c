/** Programs for the engine as TorchScript archives, written in Java and run through DJL. */
@NullMarked
package io.github.vit4j.torchscript;

import org.jspecify.annotations.NullMarked;
