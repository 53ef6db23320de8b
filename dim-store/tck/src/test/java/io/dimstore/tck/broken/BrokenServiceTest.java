// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/** Stores whose reads, failures or limits are wrong. */
class BrokenServiceTest extends BrokenStores {

  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param end ends the threads that a broken store leaves behind
   */
  static List<Broken> all(CountDownLatch end) {
    return Stream.of(BrokenReads.all(), BrokenFailures.all(), BrokenBounds.all(end))
        .flatMap(List::stream)
        .toList();
  }

  @Override
  Stream<Broken> broken() {
    return all(end).stream();
  }

  @AfterAll
  void endLeakedThreads() {
    end.countDown();
  }
}
