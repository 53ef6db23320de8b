// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Sends the blocks of a {@link BlockFeed}: each reader every n-th event, n being the parallelism.
 * Between blocks the readers are idle. There are no splits and no state: a job that is restarted
 * has lost its block.
 */
public final class BlockSource implements Source<RowData, BlockSource.NoSplit, Integer> {

  private static final long serialVersionUID = 1;

  private final String arm;

  /** Creates the source of an arm. */
  public BlockSource(String arm) {
    this.arm = arm;
  }

  /** A split; there are none. */
  record NoSplit() implements SourceSplit, Serializable {
    @Override
    public String splitId() {
      return "none";
    }
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<RowData, NoSplit> createReader(SourceReaderContext context) {
    return new Reader(BlockFeed.of(arm), context.getIndexOfSubtask(), context.currentParallelism());
  }

  @Override
  public SplitEnumerator<NoSplit, Integer> createEnumerator(
      SplitEnumeratorContext<NoSplit> context) {
    return new Enumerator();
  }

  @Override
  public SplitEnumerator<NoSplit, Integer> restoreEnumerator(
      SplitEnumeratorContext<NoSplit> context, Integer checkpoint) {
    return new Enumerator();
  }

  @Override
  public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
    return new Nothing<>(new NoSplit());
  }

  @Override
  public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
    return new Nothing<>(0);
  }

  private record Nothing<T>(T value) implements SimpleVersionedSerializer<T> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(T ignored) {
      return new byte[0];
    }

    @Override
    public T deserialize(int version, byte[] serialized) {
      return value;
    }
  }

  private static final class Enumerator implements SplitEnumerator<NoSplit, Integer> {
    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {}

    @Override
    public void addSplitsBack(List<NoSplit> splits, int subtask) {}

    @Override
    public void addReader(int subtask) {}

    @Override
    public Integer snapshotState(long checkpoint) {
      return 0;
    }

    @Override
    public void close() {}
  }

  private static final class Reader implements SourceReader<RowData, NoSplit> {

    private final BlockFeed feed;
    private final int subtask;
    private final int parallelism;
    private BlockFeed.Block block;
    private int at;

    private Reader(BlockFeed feed, int subtask, int parallelism) {
      this.feed = feed;
      this.subtask = subtask;
      this.parallelism = parallelism;
      // A block may have been sent before this reader was created.
      this.block = feed.first();
    }

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) {
      if (at >= block.keys().length) {
        BlockFeed.Block next = feed.block();
        if (next.number() == block.number()) {
          return InputStatus.NOTHING_AVAILABLE;
        }
        block = next;
        at = subtask;
        return InputStatus.MORE_AVAILABLE;
      }
      output.collect(feed.event(block.keys()[at]));
      at += parallelism;
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return at < block.keys().length ? CompletableFuture.completedFuture(null) : block.next();
    }

    @Override
    public List<NoSplit> snapshotState(long checkpoint) {
      return List.of();
    }

    @Override
    public void addSplits(List<NoSplit> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }
}
