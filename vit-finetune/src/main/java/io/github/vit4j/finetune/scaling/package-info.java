/** How error falls with compute: a saturating power law fitted to measured runs. */
@NullMarked
package io.github.vit4j.finetune.scaling;

import org.jspecify.annotations.NullMarked;
