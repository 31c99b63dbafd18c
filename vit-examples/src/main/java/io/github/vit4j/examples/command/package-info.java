/** What commands share: models, training and evaluation as options, texts, errors, exit codes. */
@NullMarked
package io.github.vit4j.examples.command;

import org.jspecify.annotations.NullMarked;
