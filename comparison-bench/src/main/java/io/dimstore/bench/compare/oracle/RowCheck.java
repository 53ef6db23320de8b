// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of one arm with the oracle's, byte by byte, as they arrive. Rows are not kept,
 * so the rows of several arms can be checked at once. Not thread-safe.
 */
public final class RowCheck {

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Integer> numbers;
  private final Rows risk;
  private final Rows marketing;
  private long deadLetters;
  private final long expectedDeadLetters;
  private @Nullable String first;

  private static final class Rows {
    private final String name;
    private final Map<String, byte[]> expected;
    private final BitSet seen = new BitSet();
    private int arrived;
    private long mismatches;

    Rows(String name, Map<String, byte[]> expected) {
      this.name = name;
      this.expected = expected;
    }
  }

  private RowCheck(Map<String, Integer> numbers, Expected expected) {
    this.numbers = numbers;
    this.risk = new Rows("risk", expected.risk());
    this.marketing = new Rows("marketing", expected.marketing());
    this.expectedDeadLetters = expected.tooLate();
  }

  /** Creates checks of the same rows. They share what they only read. */
  public static final class Factory {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Expected expected;

    public Factory(Expected expected) {
      this.expected = expected;
      expected.risk().keySet().forEach(id -> numbers.put(id, numbers.size()));
    }

    /** Returns the check of an arm that has no rows yet. */
    public RowCheck create() {
      return new RowCheck(numbers, expected);
    }
  }

  /** Checks a row of risk control. */
  public void risk(byte[] json) {
    check(risk, json);
  }

  /** Checks a row of marketing. */
  public void marketing(byte[] json) {
    check(marketing, json);
  }

  /** Counts a dead letter. */
  public void deadLetter() {
    deadLetters++;
  }

  /**
   * Returns the number of processed events. An event is processed when it has both rows or is a
   * dead letter.
   */
  public long done() {
    return Math.min(risk.arrived, marketing.arrived) + deadLetters;
  }

  /**
   * Returns how many rows were different, unexpected or repeated, plus, once all events were sent,
   * how many are missing. A missing or unexpected dead letter counts as well.
   */
  public long mismatches() {
    return mismatches(risk) + mismatches(marketing) + Math.abs(deadLetters - expectedDeadLetters);
  }

  /** Returns a description of the first row that was wrong when it arrived, or null. */
  public @Nullable String first() {
    return first;
  }

  private static long mismatches(Rows rows) {
    return rows.mismatches + rows.expected.size() - rows.arrived;
  }

  private void check(Rows rows, byte[] json) {
    String id = eventId(json);
    Integer number = id == null ? null : numbers.get(id);
    if (number == null || rows.seen.get(number)) {
      wrong(rows, json, number == null ? "no such event" : "a second row of event " + id);
      return;
    }
    rows.seen.set(number);
    rows.arrived++;
    byte[] wanted = rows.expected.get(id);
    if (!Arrays.equals(json, wanted)) {
      wrong(rows, json, wanted == null ? "no row" : OracleComparison.text(wanted));
    }
  }

  private void wrong(Rows rows, byte[] json, String wanted) {
    rows.mismatches++;
    if (first == null) {
      first = rows.name + " row is " + OracleComparison.text(json) + ", expected: " + wanted;
    }
  }

  /** Returns the event's id, which is the first field of a row; null if it is not there. */
  private static @Nullable String eventId(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT
          && "event_id".equals(parser.nextFieldName())) {
        return parser.nextTextValue();
      }
    } catch (IOException e) {
      // Not JSON, and therefore not an expected row.
    }
    return null;
  }
}
