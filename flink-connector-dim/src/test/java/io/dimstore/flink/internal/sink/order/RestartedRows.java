// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;

/**
 * A stream of given rows whose job fails once, after a checkpoint that covers the first rows and
 * before the last ones.
 */
final class RestartedRows extends ProcessFunction<Long, Row> implements CheckpointListener {

  private static final AtomicInteger FAILED = new AtomicInteger();
  private static final long TICKS = 20_000;

  private final List<Row> before;
  private final List<Row> after;
  private boolean sent;

  private RestartedRows(List<Row> before, List<Row> after) {
    this.before = before;
    this.after = after;
  }

  static void reset() {
    FAILED.set(0);
  }

  static int failures() {
    return FAILED.get();
  }

  static DataStream<Row> of(
      StreamExecutionEnvironment env,
      TypeInformation<Row> type,
      List<Row> before,
      List<Row> after) {
    return env.fromSequence(0, TICKS).process(new RestartedRows(before, after)).returns(type);
  }

  @Override
  public void processElement(Long tick, Context context, Collector<Row> out) {
    if (tick == 0) {
      before.forEach(out::collect);
      sent = true;
    } else if (tick == TICKS) {
      after.forEach(out::collect);
    }
    if (FAILED.get() == 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    // The first checkpoint may have begun before the rows were sent. The second began after that.
    if (sent && checkpoint > 1 && FAILED.compareAndSet(0, 1)) {
      throw new IllegalStateException("made to fail");
    }
  }
}
