// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shared records in a map. Subclasses disturb calls. */
public class MapRecords implements SharedRecords {

  private final TreeMap<String, SharedRecord> records = new TreeMap<>();

  @Override
  public synchronized CompletionStage<Optional<SharedRecord>> read(String name) {
    return CompletableFuture.completedFuture(Optional.ofNullable(records.get(name)));
  }

  @Override
  public synchronized CompletionStage<Boolean> replace(
      String name, long expectedRevision, String content) {
    SharedRecord found = records.get(name);
    boolean matches = (found == null ? 0 : found.revision()) == expectedRevision;
    if (matches) {
      records.put(name, new SharedRecord(name, expectedRevision + 1, content));
    }
    return CompletableFuture.completedFuture(matches);
  }

  @Override
  public synchronized CompletionStage<SharedRecordPage> list(
      String prefix, String after, int maxRecords) {
    List<SharedRecord> found =
        records.tailMap(after, false).values().stream()
            .filter(record -> record.name().startsWith(prefix))
            .limit(maxRecords + 1L)
            .toList();
    boolean more = found.size() > maxRecords;
    List<SharedRecord> page = more ? found.subList(0, maxRecords) : found;
    return CompletableFuture.completedFuture(
        new SharedRecordPage(page, more ? page.get(maxRecords - 1).name() : null));
  }
}
