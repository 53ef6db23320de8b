// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.data.RowData;

/** Parses a stream of raw records. */
public final class ParsedEvents {

  private ParsedEvents() {}

  /**
   * Returns the events as rows of {@link EventRows#PARSED}. Records that are not events are in the
   * side output {@link io.dimstore.jobs.records.RawRecord#DEAD_LETTERS}.
   *
   * @param raw rows of {@link EventRows#RAW}
   * @param maxAhead how far an event time may lie ahead of the arrival of its record
   */
  public static SingleOutputStreamOperator<RowData> of(DataStream<RowData> raw, Duration maxAhead) {
    return raw.process(new ParseFunction(maxAhead)).returns(EventRows.info(EventRows.PARSED));
  }
}
