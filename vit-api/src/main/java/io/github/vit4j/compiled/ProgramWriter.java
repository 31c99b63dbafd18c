package io.github.vit4j.compiled;

import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.ViTConfig;

/** Writes the inference program of a whole model. */
final class ProgramWriter {

  private ProgramWriter() {}

  /**
   * Writes the methods {@code forward} (logits, or pooled features without a head) and {@code
   * pooled}.
   */
  static void write(Program program) {
    ViTConfig config = program.config;
    HeadProgram head = new HeadProgram(program);
    int read = head.tokensRead();
    program.begin("tokens");
    new StemProgram(program).write();
    for (int i = 0; i < config.depth(); i++) {
      boolean last = i == config.depth() - 1;
      new BlockProgram(program, i, last ? read : config.tokens()).write();
    }
    if (program.half) {
      program.line("x = torch.to(x, %d)", Program.FLOAT);
    }
    if (config.finalNorm() == FinalNorm.BEFORE_POOL) {
      program.line("x = %s", program.exactNorm("x", "norm", "norm"));
    }
    program.end("x");
    head.write();
  }
}
