// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.kafka.TopicOffsets.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps the reader of Flink's connector. Before a partition is started, its offset is compared with
 * the offsets that the topic holds. If the topic's retention overtakes the running reader, its
 * failure is replaced by one with the reason.
 */
final class LosslessReader implements SourceReader<RowData, KafkaPartitionSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(LosslessReader.class);

  private final SourceReader<RowData, KafkaPartitionSplit> kafka;
  private final TopicOffsets offsets;
  private final ReadPolicy policy;
  private final Counter lostRecords;

  LosslessReader(
      SourceReader<RowData, KafkaPartitionSplit> kafka,
      TopicOffsets offsets,
      ReadPolicy policy,
      Counter lostRecords) {
    this.kafka = kafka;
    this.offsets = offsets;
    this.policy = policy;
    this.lostRecords = lostRecords;
  }

  /**
   * Starts partitions, new ones or ones from a checkpoint.
   *
   * @throws SuppressRestartsException if a partition does not hold its offset, unless the policy is
   *     to skip lost records
   */
  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    Map<TopicPartition, Range> ranges =
        offsets.read(
            splits.stream().map(KafkaPartitionSplit::getTopicPartition).toList(),
            policy.fromCommitted());
    List<KafkaPartitionSplit> checked = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (KafkaPartitionSplit split : splits) {
      Range range = ranges.get(split.getTopicPartition());
      if (range == null) {
        throw new IllegalStateException("Kafka listed no offsets of " + split.getTopicPartition());
      }
      long start = start(split, range);
      Optional<Gap> gap = Gap.of(split.getTopicPartition(), start, range);
      gap.ifPresent(gaps::add);
      checked.add(
          new KafkaPartitionSplit(
              split.getTopicPartition(),
              gap.isPresent() ? range.first() : start,
              split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET)));
    }
    if (!gaps.isEmpty()) {
      if (policy.lostRecords() == LostRecords.FAIL) {
        throw failure(gaps);
      }
      for (Gap gap : gaps) {
        LOG.warn("{}. It is skipped, as '{}' says.", gap, LosslessKafkaFactory.LOST_RECORDS.key());
        lostRecords.inc(gap.records());
      }
    }
    kafka.addSplits(checked);
  }

  private long start(KafkaPartitionSplit split, Range range) {
    if (split.getStartingOffset() != KafkaPartitionSplit.COMMITTED_OFFSET) {
      return split.getStartingOffset();
    }
    Long committed = policy.fromCommitted() ? range.committed() : null;
    return committed == null ? KafkaPartitionSplit.EARLIEST_OFFSET : committed;
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) throws Exception {
    try {
      return kafka.pollNext(output);
    } catch (Exception e) {
      Optional<OffsetOutOfRangeException> outOfRange =
          ExceptionUtils.findThrowable(e, OffsetOutOfRangeException.class);
      if (outOfRange.isEmpty() || policy.lostRecords() == LostRecords.SKIP) {
        throw e; // a restart skips the gap
      }
      throw overtaken(outOfRange.get());
    }
  }

  private Exception overtaken(OffsetOutOfRangeException outOfRange) {
    Map<TopicPartition, Long> positions = outOfRange.offsetOutOfRangePartitions();
    Map<TopicPartition, Range> ranges = new HashMap<>();
    List<Gap> gaps = new ArrayList<>();
    try {
      ranges.putAll(offsets.read(positions.keySet(), false));
    } catch (IllegalStateException e) {
      return outOfRange; // the restart checks again
    }
    positions.forEach(
        (partition, position) -> {
          Range range = ranges.get(partition);
          if (range != null) {
            Gap.of(partition, position, range).ifPresent(gaps::add);
          }
        });
    return gaps.isEmpty() ? outOfRange : failure(gaps);
  }

  private static SuppressRestartsException failure(List<Gap> gaps) {
    return new SuppressRestartsException(new LostRecordsException(gaps));
  }

  @Override
  public void start() {
    kafka.start();
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    return kafka.snapshotState(checkpointId);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return kafka.isAvailable();
  }

  @Override
  public void notifyNoMoreSplits() {
    kafka.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    kafka.handleSourceEvents(event);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    kafka.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    kafka.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
    kafka.pauseOrResumeSplits(toPause, toResume);
  }

  @Override
  public void close() throws Exception {
    kafka.close();
  }
}
