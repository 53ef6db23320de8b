// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.CallResult;
import io.dimstore.spi.support.DirectCalls;
import io.dimstore.spi.support.RecordChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;

/**
 * The shared records of one opened store. All stores that were opened with the same value of option
 * {@code instance} have the same records.
 */
final class MemoryRecords implements SharedRecords {

  private final ConcurrentNavigableMap<String, SharedRecord> records;
  private final DirectCalls calls;

  MemoryRecords(ConcurrentNavigableMap<String, SharedRecord> records, DirectCalls calls) {
    this.records = records;
    this.calls = calls;
  }

  @Override
  public CompletionStage<Optional<SharedRecord>> read(String name) {
    return calls.call(
        Operation.ADMIN,
        1,
        now -> {
          RecordChecks.requireName(name);
          return new CallResult<>(Optional.ofNullable(records.get(name)), 1);
        });
  }

  @Override
  public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
    return calls.call(
        Operation.ADMIN,
        1,
        now -> {
          RecordChecks.requireReplace(name, expectedRevision, content);
          SharedRecord next = new SharedRecord(name, expectedRevision + 1, content);
          return new CallResult<>(replace(expectedRevision, next), 1);
        });
  }

  private boolean replace(long expectedRevision, SharedRecord next) {
    if (expectedRevision == 0) {
      return records.putIfAbsent(next.name(), next) == null;
    }
    SharedRecord held = records.get(next.name());
    return held != null
        && held.revision() == expectedRevision
        && records.replace(next.name(), held, next);
  }

  @Override
  public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
    return calls.call(
        Operation.ADMIN,
        1,
        now -> {
          RecordChecks.requireList(prefix, after, maxRecords);
          SharedRecordPage page = page(prefix, after, maxRecords);
          return new CallResult<>(page, page.records().size());
        });
  }

  private SharedRecordPage page(String prefix, String after, int maxRecords) {
    boolean first = after.compareTo(prefix) < 0;
    List<SharedRecord> found = new ArrayList<>();
    for (SharedRecord each : records.tailMap(first ? prefix : after, first).values()) {
      if (!each.name().startsWith(prefix)) {
        break;
      }
      if (found.size() == maxRecords) {
        return new SharedRecordPage(found, found.get(maxRecords - 1).name());
      }
      found.add(each);
    }
    return new SharedRecordPage(found, null);
  }
}
