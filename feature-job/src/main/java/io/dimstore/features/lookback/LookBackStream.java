// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventRows;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.data.RowData;

/** Adds the look-back to a stream of parsed events. */
public final class LookBackStream {

  private LookBackStream() {}

  /**
   * Returns the events with their look-backs, as rows of {@link LookBackRows#TYPE}. Events that are
   * refused are in the side output {@link io.dimstore.jobs.records.RawRecord#DEAD_LETTERS}.
   *
   * @param parsed rows of {@link EventRows#PARSED}
   * @param results the value of the column {@link LookBackRows#RESULTS}
   */
  public static SingleOutputStreamOperator<RowData> of(
      DataStream<RowData> parsed, LookBackLimits limits, int results) {
    return parsed
        .keyBy(row -> row.getString(EventRows.USER_ID).toString(), Types.STRING)
        .process(new LookBackFunction(limits, results))
        .returns(EventRows.info(LookBackRows.TYPE));
  }
}
