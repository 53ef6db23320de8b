// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process reads a key while it writes it; the replica never gets the write. */
final class ReadCacheWriteScenario implements Runnable {

  @Override
  public void run() {
    LaggingTable table = new LaggingTable();
    ReadCache cache = table.cache();
    CachedReader reader =
        new CachedReader(
            cache,
            LaggingTable.SPEC,
            table.eventual(),
            table.strong(),
            LaggingTable.METRICS,
            LaggingTable.CLOCK);
    Threads.run(
        () -> {
          cache.writing(
              List.of(LaggingTable.put(2)),
              () -> {
                table.write(2);
                return CompletableFuture.completedFuture(null);
              });
          require(LaggingTable.read(reader) == 2, "a read after the write misses it");
        },
        () -> LaggingTable.read(reader));
    require(LaggingTable.read(reader) == 2, "the cache holds what was there before the write");
  }
}
