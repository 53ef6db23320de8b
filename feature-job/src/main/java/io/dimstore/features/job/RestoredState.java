// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.jobs.JobException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.shaded.guava31.com.google.common.hash.Hashing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes the content of the savepoint or checkpoint from which a job is restored. Immutable. */
final class RestoredState {

  private static final Logger LOG = LoggerFactory.getLogger(RestoredState.class);

  private final @Nullable String path;
  private final boolean mayDrop;
  private final @Nullable CheckpointMetadata metadata;

  private RestoredState(
      @Nullable String path, boolean mayDrop, @Nullable CheckpointMetadata metadata) {
    this.path = path;
    this.mayDrop = mayDrop;
    this.metadata = metadata;
  }

  /**
   * Reads the metadata of the savepoint that the configuration names. Without a savepoint, the
   * result is empty.
   */
  static RestoredState of(ReadableConfig configuration) {
    String path = configuration.get(StateRecoveryOptions.SAVEPOINT_PATH);
    boolean mayDrop = configuration.get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE);
    return new RestoredState(path, mayDrop, path == null ? null : read(path));
  }

  /** Returns whether the job is restored from a savepoint or checkpoint. */
  boolean exists() {
    return path != null;
  }

  /**
   * Returns whether the state may contain an operator with this uid. Returns false without a
   * savepoint, and true if the savepoint cannot be read from this process.
   */
  boolean mayHold(String uid) {
    if (path == null) {
      return false;
    }
    return metadata == null
        || metadata.getOperatorStates().stream()
            .anyMatch(state -> state.getOperatorID().equals(id(uid)));
  }

  /**
   * Checks that the job takes over all state. Flink's own check reports neither cause nor remedy.
   *
   * @throws JobException if the job lacks an operator that has state, unless the configuration
   *     allows non-restored state
   */
  void requireClaimed(Supplier<JobGraph> job) {
    if (metadata == null) {
      return;
    }
    Set<OperatorID> operators = operators(job.get());
    Set<String> unclaimed =
        metadata.getOperatorStates().stream()
            .filter(state -> hasState(state) && !operators.contains(state.getOperatorID()))
            .map(state -> state.getOperatorID().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    if (unclaimed.isEmpty()) {
      return;
    }
    String what =
        path
            + " holds state of operators that this job does not have ("
            + String.join(", ", unclaimed)
            + "): it comes from a job with other queries, tables or another version.";
    if (!mayDrop) {
      throw new JobException(
          what
              + " Restore it with the SQL files and tables that it was taken with. To drop that"
              + " state, lookups in flight included, set "
              + StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE.key()
              + " (flink run --allowNonRestoredState)",
          null);
    }
    LOG.warn("{} It is dropped, lookups in flight included, as the configuration says.", what);
  }

  private static Set<OperatorID> operators(JobGraph job) {
    Set<OperatorID> ids = new HashSet<>();
    job.getVertices()
        .forEach(
            vertex -> {
              for (OperatorIDPair pair : vertex.getOperatorIDs()) {
                ids.add(pair.getGeneratedOperatorID());
                pair.getUserDefinedOperatorID().ifPresent(ids::add);
              }
            });
    return ids;
  }

  private static boolean hasState(OperatorState state) {
    return state.getCoordinatorState() != null
        || state.getStates().stream().anyMatch(OperatorSubtaskState::hasState);
  }

  /** Returns the operator id that Flink derives from a uid. */
  private static OperatorID id(String uid) {
    return new OperatorID(Hashing.murmur3_128(0).hashString(uid, UTF_8).asBytes());
  }

  private static @Nullable CheckpointMetadata read(String path) {
    try (DataInputStream in =
        new DataInputStream(
            AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path)
                .getMetadataHandle()
                .openInputStream())) {
      return Checkpoints.loadCheckpointMetadata(in, RestoredState.class.getClassLoader(), path);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Cannot read the savepoint {} from here. The job is planned with all results, so that"
              + " every lookup in flight finds its operator; Flink checks the rest.",
          path,
          e);
      return null;
    }
  }
}
