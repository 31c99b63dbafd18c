package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.Role;
import java.util.Set;

// one class a strategy, in one file: surefire loses count of nested classes

final class AttentionContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new FreezeAllButAttention();
  }
}

final class FeedForwardContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new FreezeAllButFeedForward(true);
  }
}

final class FullContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new FullFineTuning();
  }
}

final class ProbeContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new LinearProbe();
  }
}

final class BiasContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new BiasOnly();
  }
}

final class NormContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new NormOnly();
  }
}

final class LastBlockContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new LastBlocks(1);
  }
}

final class LoraContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new LoRA(2, 4, Set.of(LowRank.Layer.QKV, LowRank.Layer.PROJ));
  }
}

final class LoraAndNormsContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return new LoRA(3).or(new NormOnly());
  }
}

final class UsersContractTest extends FineTuneStrategyContract {
  @Override
  protected FineTuneStrategy strategy() {
    return p -> p.role() == Role.ATTENTION && p.branch() == 0 || p.role() == Role.HEAD;
  }
}
