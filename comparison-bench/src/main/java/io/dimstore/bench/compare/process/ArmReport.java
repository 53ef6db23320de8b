// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.subject.BenchException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line that an arm's process prints: the state that it has reached and its counts.
 *
 * @param state the state that the arm has reached
 * @param message the reason of a failure, otherwise null
 * @param counts counts by name; the names depend on the state
 */
public record ArmReport(State state, @Nullable String message, Map<String, Double> counts) {

  /** Prefix of a report line. It distinguishes reports from other output on standard output. */
  static final String PREFIX = "@dimstore ";

  /**
   * Prefix of the counts in a USAGE report: CPU time of the process in nanoseconds, followed by the
   * group of threads.
   */
  public static final String CPU = "cpu.";

  /** Count in a USAGE report: bytes allocated on the heap. */
  public static final String ALLOCATED = "allocated";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The states of an arm, in their order. */
  public enum State {
    /** The dimensions are being loaded; the counts are those so far. Reported repeatedly. */
    LOADING,
    /** The dimensions are in the store. */
    LOADED,
    /** The feature job runs. */
    RUNNING,
    /**
     * The state has not changed. The counts are what the process has used since it started.
     * Reported when the parent process asks for it.
     */
    USAGE,
    /**
     * The state has not changed. The recording of CPU samples, which the parent process had begun,
     * is in its file.
     */
    RECORDED,
    /** A checkpoint that was asked for is complete. The counts are its figures. */
    CHECKPOINTED,
    /** The feature job was stopped; the counts are final. */
    STOPPED,
    /** The arm has failed and cannot continue. */
    FAILED
  }

  String line() {
    try {
      return PREFIX + JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ArmReport parse(String line) {
    try {
      return JSON.readValue(line.substring(PREFIX.length()), ArmReport.class);
    } catch (JsonProcessingException e) {
      throw new BenchException("An arm printed a broken report: " + line, e);
    }
  }
}
