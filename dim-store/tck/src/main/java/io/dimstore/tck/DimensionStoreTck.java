// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.tck.internal.feed.FeedCompletenessRules;
import io.dimstore.tck.internal.feed.FeedFailureRules;
import io.dimstore.tck.internal.feed.FeedOrderRules;
import io.dimstore.tck.internal.feed.FeedPositionRules;
import io.dimstore.tck.internal.feed.FeedValueRules;
import io.dimstore.tck.internal.maintenance.CheckRules;
import io.dimstore.tck.internal.maintenance.MaintenanceFailureRules;
import io.dimstore.tck.internal.maintenance.PurgeRules;
import io.dimstore.tck.internal.record.RecordFailureRules;
import io.dimstore.tck.internal.record.RecordListRules;
import io.dimstore.tck.internal.record.RecordRules;
import io.dimstore.tck.internal.stored.StoredChangeRules;
import io.dimstore.tck.internal.stored.StoredFailureRules;
import io.dimstore.tck.internal.table.BoundRules;
import io.dimstore.tck.internal.table.CloseRules;
import io.dimstore.tck.internal.table.CompletenessRules;
import io.dimstore.tck.internal.table.FailureRules;
import io.dimstore.tck.internal.table.KeyRules;
import io.dimstore.tck.internal.table.OrderRules;
import io.dimstore.tck.internal.table.ScanRules;
import io.dimstore.tck.internal.table.ValueRules;
import io.dimstore.tck.internal.update.RowUpdateFailureRules;
import io.dimstore.tck.internal.update.RowUpdateRules;
import org.junit.jupiter.api.Nested;

/**
 * The conformance suite. It has a group of tests, a nested class, for each rule of {@link
 * io.dimstore.spi}, {@link io.dimstore.spi.ChangeFeed}, {@link io.dimstore.spi.Maintenance}, {@link
 * io.dimstore.spi.SharedRecords}, {@link io.dimstore.spi.StoredChanges} and {@link
 * io.dimstore.spi.RowUpdates}. The names of a group and of its tests begin with the rule's id; the
 * tests are in the class that the group extends. A store's test extends this class and describes
 * the store by {@link #harness()}.
 *
 * <p>The groups about writes are in {@link WriteTck}. All groups share one open store and a few
 * tables. The table names are different in each run, so several runs can share a server. The
 * store's clock never goes back.
 */
public abstract class DimensionStoreTck extends WriteTck {

  /** Creates the suite; called by the store's test. */
  protected DimensionStoreTck() {}

  @Nested
  class R1AnswersAreInTheOrderOfTheKeys extends OrderRules {
    R1AnswersAreInTheOrderOfTheKeys() {
      super(kit());
    }
  }

  @Nested
  class R2UnknownIsNotReportedAsAbsent extends CompletenessRules {
    R2UnknownIsNotReportedAsAbsent() {
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
  class R10EveryValueIsReturnedEqual extends ValueRules {
    R10EveryValueIsReturnedEqual() {
      super(kit());
    }
  }

  @Nested
  class R10EveryKeyIsReturnedEqual extends KeyRules {
    R10EveryKeyIsReturnedEqual() {
      super(kit());
    }
  }

  @Nested
  class R11FailuresHaveTheRightKind extends FailureRules {
    R11FailuresHaveTheRightKind() {
      super(kit());
    }
  }

  @Nested
  class R12CloseEndsCallsAndThreads extends CloseRules {
    R12CloseEndsCallsAndThreads() {
      super(kit());
    }
  }

  @Nested
  class R14PendingCallsAreBounded extends BoundRules {
    R14PendingCallsAreBounded() {
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
  class F3AFeedContinuesFromAnyPosition extends FeedPositionRules {
    F3AFeedContinuesFromAnyPosition() {
      super(kit());
    }
  }

  @Nested
  class F4AFeedReturnsWhatWasWritten extends FeedValueRules {
    F4AFeedReturnsWhatWasWritten() {
      super(kit());
    }
  }

  @Nested
  class F5AFeedFailsIfChangesAreLost extends FeedFailureRules {
    F5AFeedFailsIfChangesAreLost() {
      super(kit());
    }
  }

  @Nested
  class M2ACheckReportsExactlyTheDifferences extends CheckRules {
    M2ACheckReportsExactlyTheDifferences() {
      super(kit());
    }
  }

  @Nested
  class M3APurgeRemovesOnlyWhatHasEnded extends PurgeRules {
    M3APurgeRemovesOnlyWhatHasEnded() {
      super(kit());
    }
  }

  @Nested
  class M4ImpossibleMaintenanceFails extends MaintenanceFailureRules {
    M4ImpossibleMaintenanceFails() {
      super(kit());
    }
  }

  @Nested
  class S1RecordsAreReplacedByCompareAndSet extends RecordRules {
    S1RecordsAreReplacedByCompareAndSet() {
      super(kit());
    }
  }

  @Nested
  class S2RecordsAreListedByPrefix extends RecordListRules {
    S2RecordsAreListedByPrefix() {
      super(kit());
    }
  }

  @Nested
  class S3ImpossibleCallsForRecordsFail extends RecordFailureRules {
    S3ImpossibleCallsForRecordsFail() {
      super(kit());
    }
  }

  @Nested
  class C1StoredChangesAreThoseOfAScan extends StoredChangeRules {
    C1StoredChangesAreThoseOfAScan() {
      super(kit());
    }
  }

  @Nested
  class C2ImpossibleCallsForStoredChangesFail extends StoredFailureRules {
    C2ImpossibleCallsForStoredChangesFail() {
      super(kit());
    }
  }

  @Nested
  class U1AnUpdateIsAtomic extends RowUpdateRules {
    U1AnUpdateIsAtomic() {
      super(kit());
    }
  }

  @Nested
  class U2ImpossibleUpdatesFail extends RowUpdateFailureRules {
    U2ImpossibleUpdatesFail() {
      super(kit());
    }
  }
}
