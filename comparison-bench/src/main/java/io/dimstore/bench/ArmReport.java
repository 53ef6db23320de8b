package io.dimstore.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line that the process of an arm prints: where it is and what it counted.
 *
 * @param state what it has reached
 * @param message why it failed, else null
 * @param counts figures by name; which ones depends on the state
 */
record ArmReport(State state, @Nullable String message, Map<String, Double> counts) {

  /** Marks the lines that are reports among whatever else a library prints. */
  static final String PREFIX = "@dimstore ";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The states of an arm, in their order. */
  enum State {
    /** The dimensions are in the store. */
    LOADED,
    /** The feature job runs. */
    RUNNING,
    /** The feature job was stopped; the counts are final. */
    STOPPED,
    /** It cannot go on. */
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
      throw new CompareException("An arm printed a broken report: " + line, e);
    }
  }
}
