// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads read a key of which one replica has a newer version than the other. */
final class ReadCacheReadersScenario implements Runnable {

  @Override
  public void run() {
    LaggingTable table = new LaggingTable();
    table.write(2);
    table.alternate();
    CachedReader reader =
        new CachedReader(
            table.cache(),
            LaggingTable.SPEC,
            table.eventual(),
            table.strong(),
            LaggingTable.METRICS,
            LaggingTable.CLOCK);
    AtomicLong answered = new AtomicLong();
    Threads.run(
        () -> read(reader, answered),
        () -> {
          read(reader, answered);
          read(reader, answered);
        });
  }

  private static void read(CachedReader reader, AtomicLong answered) {
    long newest = answered.get();
    long version = LaggingTable.read(reader);
    require(version >= newest, "an answer is older than one before it");
    answered.accumulateAndGet(version, Math::max);
  }
}
