/** What is trained and what stays frozen, decided by the roles of parameters. */
@NullMarked
package io.github.vit4j.finetune.strategy;

import org.jspecify.annotations.NullMarked;
