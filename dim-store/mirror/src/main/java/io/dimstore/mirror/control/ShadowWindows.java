// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The content of the record in which a process publishes what its shadow reads found: its counts in
 * windows of time, so that a reader can tell old ones from young ones. A process that has ended
 * leaves its record; its windows count as long as they are young enough for the reader.
 *
 * @param windows oldest first; each is dated by its own first and last count, by the clock of its
 *     process
 */
public record ShadowWindows(List<ShadowCounts> windows) {

  private static final String FORMAT = "dimstore-mirror-shadow/2";
  private static final String WINDOW = "window-";
  private static final int NUMBERS = 7;

  /** Copies the list. */
  public ShadowWindows {
    windows = List.copyOf(windows);
  }

  /** Returns the sums of the windows of which no part is older. */
  public ShadowCounts since(long notBeforeMillis) {
    ShadowCounts sums = ShadowCounts.NONE;
    for (ShadowCounts window : windows) {
      if (window.sinceMillis() >= notBeforeMillis) {
        sums = sums.plus(window);
      }
    }
    return sums;
  }

  /** Returns the text that {@link #parse} reads. */
  public String format() {
    Fields fields = Fields.of(FORMAT).with("windows", windows.size());
    for (int i = 0; i < windows.size(); i++) {
      fields.with(WINDOW + i, format(windows.get(i)));
    }
    return fields.text();
  }

  private static String format(ShadowCounts window) {
    StringBuilder text = new StringBuilder();
    text.append(window.sinceMillis())
        .append(' ')
        .append(window.untilMillis())
        .append(' ')
        .append(window.compared())
        .append(' ')
        .append(window.equal())
        .append(' ')
        .append(window.inFlight())
        .append(' ')
        .append(window.dropped())
        .append(' ')
        .append(window.failed());
    for (Difference.Kind kind : Difference.Kind.values()) {
      if (window.mismatchesOf(kind) > 0) {
        text.append(' ').append(kind).append(':').append(window.mismatchesOf(kind));
      }
    }
    return text.toString();
  }

  /**
   * Parses the content of a record.
   *
   * @throws StoreException CORRUPT if it is not the text of windows
   */
  public static ShadowWindows parse(String text) {
    Fields fields = Fields.parse(FORMAT, text);
    List<ShadowCounts> windows = new ArrayList<>();
    for (int i = 0; i < fields.number("windows"); i++) {
      windows.add(window(fields.text(WINDOW + i)));
    }
    return new ShadowWindows(windows);
  }

  private static ShadowCounts window(String text) {
    String[] parts = text.split(" ", -1);
    try {
      Map<Difference.Kind, Long> mismatched = new EnumMap<>(Difference.Kind.class);
      for (int i = NUMBERS; i < parts.length; i++) {
        int colon = parts[i].indexOf(':');
        mismatched.put(
            Difference.Kind.valueOf(parts[i].substring(0, Math.max(0, colon))),
            Long.parseLong(parts[i].substring(colon + 1)));
      }
      return new ShadowCounts(
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]),
          mismatched,
          Long.parseLong(parts[5]),
          Long.parseLong(parts[6]),
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new StoreException(
          Kind.CORRUPT, "A window of shadow reads is not readable: '" + text + "'", e);
    }
  }
}
