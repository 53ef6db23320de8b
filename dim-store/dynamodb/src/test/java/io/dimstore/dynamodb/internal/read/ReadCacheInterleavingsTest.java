// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.List;
import java.util.stream.Stream;

class ReadCacheInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new ReadCacheWriteScenario(),
            new PlantedRace(
                "WithoutForgettingAfterTheWrite",
                ReadCache.class,
                "return written\\.whenComplete\\(.*?\\)\\)\\)\\);",
                "return written;",
                List.of(CachedReader.class, LaggingTable.class))),
        Checked.by(
            new ReadCacheReadersScenario(),
            new PlantedRace(
                "FillingWithoutComparing",
                ReadCache.class,
                "if \\(now == seen\\)",
                "if (true)",
                List.of(CachedReader.class, LaggingTable.class))));
  }
}
