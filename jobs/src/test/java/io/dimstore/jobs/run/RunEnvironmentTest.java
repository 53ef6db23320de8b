// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

class RunEnvironmentTest {

  @Test
  void aLocalJobCompletesCheckpointsOfSixMegabytesOfState() throws Exception {
    StreamExecutionEnvironment env = RunEnvironment.get();
    Configuration noRestart = new Configuration();
    noRestart.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    env.configure(noRestart);
    env.setParallelism(1);
    env.enableCheckpointing(100);
    try (CloseableIterator<Long> checkpoints =
        env.fromSequence(0, Long.MAX_VALUE - 1)
            .flatMap(new LargeState())
            .returns(Types.LONG)
            .executeAndCollect()) {
      assertThat(checkpoints.next()).isPositive();
    }
  }

  /** Has six megabytes of state, and returns the number of each checkpoint that is complete. */
  private static final class LargeState
      implements FlatMapFunction<Long, Long>, CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1;

    private transient ListState<byte[]> state;
    private transient long complete;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      state =
          context
              .getOperatorStateStore()
              .getListState(
                  new ListStateDescriptor<>(
                      "large", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
      state.update(List.of(new byte[6_000_000]));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      complete = checkpointId;
    }

    @Override
    public void flatMap(Long next, Collector<Long> out) {
      if (complete > 0) {
        out.collect(complete);
        complete = 0;
      }
    }
  }
}
