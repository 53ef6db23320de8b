// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.io.IOException;
import java.lang.reflect.Field;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task that runs a lookup function. It provides the operator's parallelism and can be failed
 * from any thread. Flink does not offer either to table functions, so both are read by reflection
 * from the runtime context behind the function's context. Thread-safe.
 */
final class LookupTask {

  private static final Logger LOG = LoggerFactory.getLogger(LookupTask.class);

  /**
   * The maximum number of nested objects to search: the function's context holds a wrapper of
   * asynchronous functions, and the wrapper holds the runtime context.
   */
  private static final int MAX_DEPTH = 4;

  private final @Nullable RuntimeContext runtime;
  private final @Nullable ProcessingTimeService timers;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;

  private LookupTask(@Nullable RuntimeContext runtime, @Nullable ProcessingTimeService timers) {
    this.runtime = runtime;
    this.timers = timers;
  }

  /** Returns the task that opens a function with this context. */
  static LookupTask of(FunctionContext context) {
    RuntimeContext outermost = null;
    Object holder = context;
    try {
      for (int i = 0; i < MAX_DEPTH && holder != null; i++) {
        if (holder instanceof StreamingRuntimeContext streaming) {
          return new LookupTask(streaming, streaming.getProcessingTimeService());
        }
        RuntimeContext inner = heldBy(holder);
        outermost = outermost == null ? inner : outermost;
        holder = inner;
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("The runtime context of a lookup function cannot be read", e);
    }
    LOG.warn(
        "The task of a lookup cannot be reached in this version of Flink: with a LOOKUP hint that"
            + " retries, a failed lookup fails the job at the next row, or when the lookup times"
            + " out");
    return new LookupTask(outermost, null);
  }

  private static @Nullable RuntimeContext heldBy(Object holder)
      throws ReflectiveOperationException {
    for (Field field : holder.getClass().getDeclaredFields()) {
      if (field.getType() == RuntimeContext.class) {
        field.setAccessible(true);
        return (@Nullable RuntimeContext) field.get(holder);
      }
    }
    return null;
  }

  /**
   * Returns the number of subtasks of the operator that runs the function, or 1 if it is unknown.
   */
  int parallelism() {
    if (runtime == null) {
      LOG.warn(
          "The parallelism of a lookup is not known: each subtask uses the whole per-second limit of"
              + " the job");
      return 1;
    }
    return Math.max(1, runtime.getTaskInfo().getNumberOfParallelSubtasks());
  }

  /**
   * Registers what is to be done when Flink releases the class loader of the job, unless there is a
   * hook of this name.
   */
  void onRelease(String name, Runnable hook) {
    if (runtime == null) {
      LOG.warn("The class loader of a job cannot be reached: threads of its stores may stay");
      return;
    }
    runtime.registerUserCodeClassLoaderReleaseHookIfAbsent(name, hook);
  }

  /** Returns whether this is the first subtask of its operator, or true if it is unknown. */
  boolean isFirstSubtask() {
    return runtime == null || runtime.getTaskInfo().getIndexOfThisSubtask() == 0;
  }

  /** Returns the id of the job as text, or an empty text if it is unknown. */
  String job() {
    return runtime == null ? "" : runtime.getJobInfo().getJobId().toHexString();
  }

  /**
   * Fails the task. The rows in flight are kept, so a checkpoint taken meanwhile still contains
   * them. Does nothing after the function was closed, because the savepoint with which a job was
   * stopped contains the rows whose lookups were in flight.
   *
   * @return true if the task was failed or the function is already closed; false if the task could
   *     not be reached
   */
  boolean fail(Throwable cause) {
    if (ended) {
      return true;
    }
    failure = cause;
    if (timers == null) {
      return false;
    }
    try {
      timers.registerTimer(
          0,
          time -> {
            throw asException(cause);
          });
      return true;
    } catch (RuntimeException e) {
      LOG.debug("The timers of the task have ended", e);
      return false;
    }
  }

  /** Marks the function as closed. Lookups that fail later no longer fail the task. */
  void end() {
    ended = true;
  }

  /**
   * Throws if an earlier lookup of the task has failed.
   *
   * @throws IllegalStateException with that failure as the cause
   */
  void requireHealthy() {
    Throwable earlier = failure;
    if (earlier != null) {
      throw new IllegalStateException("An earlier lookup of this task failed", earlier);
    }
  }

  private static Exception asException(Throwable cause) {
    return cause instanceof Exception e ? e : new IOException(cause);
  }
}
