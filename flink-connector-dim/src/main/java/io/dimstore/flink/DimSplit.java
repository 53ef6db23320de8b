package io.dimstore.flink;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A part of a scan and the position in it.
 *
 * @param id its number in the scan
 * @param token the store's text for what remains of it
 */
record DimSplit(String id, String token) implements SourceSplit {

  @Override
  public String splitId() {
    return id;
  }
}
