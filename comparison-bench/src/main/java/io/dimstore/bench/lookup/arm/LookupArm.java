// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import java.util.Set;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;

/** A way to look a row up for each event. */
public interface LookupArm {

  /** Returns the name in the results. */
  String id();

  /** Returns the ids of the servers of the local stack that it calls. */
  Set<String> servers();

  /** Returns the stores of dimstore through which the table has to be written. */
  Set<String> stores();

  /** Returns whether it reads the entries of {@link LookupArms#loadPlainEntries}. */
  default boolean readsPlainEntries() {
    return false;
  }

  /**
   * Adds the lookup to a job.
   *
   * @param events rows of {@link io.dimstore.bench.lookup.job.DimensionRows#EVENT}
   * @return for each event a row of {@link io.dimstore.bench.lookup.job.DimensionRows#JOINED}
   */
  DataStream<RowData> join(
      StreamExecutionEnvironment env, DataStream<RowData> events, LookupContext context);

  /**
   * Returns how many requests it has sent since the process started. Other arms may add to the
   * number while they run.
   */
  double requests();

  /**
   * Returns whether its requests are counted by the region servers instead, since neither the
   * connector nor the arm counts them.
   */
  default boolean isCountedByHBase() {
    return false;
  }
}
