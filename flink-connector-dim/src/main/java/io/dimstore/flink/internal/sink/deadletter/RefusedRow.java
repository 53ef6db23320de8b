// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

/**
 * Thrown when a row of the changelog cannot be written. It is thrown once per such row, so it has
 * no stack trace.
 */
public final class RefusedRow extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public RefusedRow(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Returns a text that names the key, if the row has one, and the problem. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** The reasons, as they appear in dead letters and counters. */
  public enum Reason {
    NULL_KEY("null-key"),
    NULL_VERSION("null-version"),
    VERSION_OUT_OF_RANGE("version-out-of-range"),
    VALUE_OUT_OF_RANGE("value-out-of-range"),
    REFUSED_BY_STORE("refused-by-store");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }
}
