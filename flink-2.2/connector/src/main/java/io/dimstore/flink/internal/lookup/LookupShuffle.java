// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Optional;
import org.apache.flink.table.connector.source.abilities.SupportsLookupCustomShuffle;

/** Which subtask looks an event up, with the hint {@code LOOKUP('shuffle'='true')}. */
public interface LookupShuffle extends SupportsLookupCustomShuffle {

  @Override
  default Optional<InputDataPartitioner> getPartitioner() {
    return Optional.of(new KeyPartitioner());
  }
}
