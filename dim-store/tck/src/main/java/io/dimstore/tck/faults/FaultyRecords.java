// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Shared records whose calls meet the plan's faults. */
record FaultyRecords(SharedRecords records, FaultPlan plan) implements SharedRecords {

  @Override
  public CompletionStage<Optional<SharedRecord>> read(String name) {
    return plan.run(Call.READ_RECORD, () -> records.read(name));
  }

  @Override
  public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
    return plan.run(Call.REPLACE_RECORD, () -> records.replace(name, expectedRevision, content));
  }

  @Override
  public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
    return plan.run(Call.READ_RECORD, () -> records.list(prefix, after, maxRecords));
  }
}
