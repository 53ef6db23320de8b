// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A part of a scan, and the position within it.
 *
 * @param id the number of the split in the scan
 * @param token the store's token for the rest of the split, or its keys as {@link KeySplit} writes
 *     them
 */
record DimSplit(String id, String token) implements SourceSplit {

  @Override
  public String splitId() {
    return id;
  }
}
