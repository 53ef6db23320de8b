package io.dimstore.tck;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * The conformance suite: one nested class per rule of {@link io.dimstore.spi}, of {@link
 * io.dimstore.spi.ChangeFeed} and of {@link io.dimstore.spi.Maintenance}, whose name and whose
 * tests' names begin with the rule's number. A store extends this and says in {@link #harness()}
 * how it is reached; what a group asserts is in the class that the group extends.
 *
 * <p>All groups share one open store and a few tables with names of their own, so several runs can
 * share a server. The store's clock only moves on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DimensionStoreTck {

  private @Nullable Kit kit;

  /** For the store's own class. */
  protected DimensionStoreTck() {}

  /** How the store is reached, and what it lacks. Asked once, before the first test. */
  protected abstract StoreHarness harness();

  @BeforeAll
  void openTheStore() {
    kit = new Kit(harness());
  }

  @AfterAll
  void closeTheStore() {
    if (kit != null) {
      kit.close();
    }
  }

  private Kit kit() {
    if (kit == null) {
      throw new IllegalStateException("The store is not open");
    }
    return kit;
  }

  @Nested
  class R1AnswersComeInTheOrderAsked extends OrderRules {
    R1AnswersComeInTheOrderAsked() {
      super(kit());
    }
  }

  @Nested
  class R2AbsentIsNotUnknown extends CompletenessRules {
    R2AbsentIsNotUnknown() {
      super(kit());
    }
  }

  @Nested
  class R3TheNewestVersionStands extends VersionRules {
    R3TheNewestVersionStands() {
      super(kit());
    }
  }

  @Nested
  class R4DeletesAreRemembered extends DeleteRules {
    R4DeletesAreRemembered() {
      super(kit());
    }
  }

  @Nested
  class R5TheNewestOfABatchStands extends BatchRules {
    R5TheNewestOfABatchStands() {
      super(kit());
    }
  }

  @Nested
  class R6APutReplacesTheWholeRow extends ReplaceRules {
    R6APutReplacesTheWholeRow() {
      super(kit());
    }
  }

  @Nested
  class R7AWriteCanBeSentAgain extends ResendRules {
    R7AWriteCanBeSentAgain() {
      super(kit());
    }
  }

  @Nested
  class R8RowsExpireToTheMillisecond extends ExpiryRules {
    R8RowsExpireToTheMillisecond() {
      super(kit());
    }
  }

  @Nested
  class R9ScansNeitherLoseNorRepeat extends ScanRules {
    R9ScansNeitherLoseNorRepeat() {
      super(kit());
    }
  }

  @Nested
  class R10EveryValueComesBackEqual extends ValueRules {
    R10EveryValueComesBackEqual() {
      super(kit());
    }
  }

  @Nested
  class R10EveryKeyComesBackEqual extends KeyRules {
    R10EveryKeyComesBackEqual() {
      super(kit());
    }
  }

  @Nested
  class R11FailuresSayWhatToDo extends FailureRules {
    R11FailuresSayWhatToDo() {
      super(kit());
    }
  }

  @Nested
  class R12CloseEndsEverything extends CloseRules {
    R12CloseEndsEverything() {
      super(kit());
    }
  }

  @Nested
  class R13WritesAreSeen extends VisibilityRules {
    R13WritesAreSeen() {
      super(kit());
    }
  }

  @Nested
  class R14WhatIsUnderWayIsBounded extends BoundRules {
    R14WhatIsUnderWayIsBounded() {
      super(kit());
    }
  }

  @Nested
  class F1AFeedLosesNothing extends FeedCompletenessRules {
    F1AFeedLosesNothing() {
      super(kit());
    }
  }

  @Nested
  class F2AFeedKeepsEachKeysOrder extends FeedOrderRules {
    F2AFeedKeepsEachKeysOrder() {
      super(kit());
    }
  }

  @Nested
  class F3AFeedGoesOnFromAnyPosition extends FeedPositionRules {
    F3AFeedGoesOnFromAnyPosition() {
      super(kit());
    }
  }

  @Nested
  class F4AFeedTellsWhatWasWritten extends FeedValueRules {
    F4AFeedTellsWhatWasWritten() {
      super(kit());
    }
  }

  @Nested
  class F5AFeedFailsAloud extends FeedFailureRules {
    F5AFeedFailsAloud() {
      super(kit());
    }
  }

  @Nested
  class M1WhatIsOwedIsKnownAndSettled extends RepairRules {
    M1WhatIsOwedIsKnownAndSettled() {
      super(kit());
    }
  }

  @Nested
  class M2AChecksDifferencesAreThoseThatAre extends CheckRules {
    M2AChecksDifferencesAreThoseThatAre() {
      super(kit());
    }
  }

  @Nested
  class M3APurgeForgetsWhatIsOverAlone extends PurgeRules {
    M3APurgeForgetsWhatIsOverAlone() {
      super(kit());
    }
  }

  @Nested
  class M4MaintenanceFailsAloud extends MaintenanceFailureRules {
    M4MaintenanceFailsAloud() {
      super(kit());
    }
  }
}
