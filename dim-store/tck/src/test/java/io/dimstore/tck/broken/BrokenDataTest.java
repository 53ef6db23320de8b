// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import java.util.List;
import java.util.stream.Stream;

/**
 * Stores whose writes, scans, values, change feeds, copies, records or stored changes are wrong.
 */
class BrokenDataTest extends BrokenStores {

  static List<Broken> all() {
    return Stream.of(
            BrokenWrites.all(),
            BrokenEnds.all(),
            BrokenScans.all(),
            BrokenValues.all(),
            BrokenFeeds.all(),
            BrokenCopies.all(),
            BrokenFills.all(),
            BrokenRecords.all(),
            BrokenStored.all(),
            BrokenUpdates.all())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  Stream<Broken> broken() {
    return all().stream();
  }
}
