// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.tck.harness.StoreHarness;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.maintenance.RepairRules;
import io.dimstore.tck.internal.table.BatchRules;
import io.dimstore.tck.internal.table.CopyVersionRules;
import io.dimstore.tck.internal.table.DeleteRules;
import io.dimstore.tck.internal.table.ExpiryRules;
import io.dimstore.tck.internal.table.ReplaceRules;
import io.dimstore.tck.internal.table.ResendRules;
import io.dimstore.tck.internal.table.VersionRules;
import io.dimstore.tck.internal.table.VisibilityRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * The part of the conformance suite that tests writes. A store with two ways to write runs the
 * whole suite ({@link DimensionStoreTck}) on one of them, and this part on the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WriteTck {

  private @Nullable Kit kit;

  /** Creates the suite; called by the store's test. */
  protected WriteTck() {}

  /** Returns how to open the store and what it supports. Called once, before the first test. */
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

  final Kit kit() {
    if (kit == null) {
      throw new IllegalStateException("The store is not open");
    }
    return kit;
  }

  @Nested
  class R3TheNewestVersionWins extends VersionRules {
    R3TheNewestVersionWins() {
      super(kit());
    }
  }

  @Nested
  class R3CopiesFollowTheSystemOfRecord extends CopyVersionRules {
    R3CopiesFollowTheSystemOfRecord() {
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
  class R5TheNewestOfABatchWins extends BatchRules {
    R5TheNewestOfABatchWins() {
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
  class R13WritesAreSeen extends VisibilityRules {
    R13WritesAreSeen() {
      super(kit());
    }
  }

  @Nested
  class M1PendingWritesAreCountedAndRepaired extends RepairRules {
    M1PendingWritesAreCountedAndRepaired() {
      super(kit());
    }
  }
}
