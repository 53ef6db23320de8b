// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

/**
 * Thrown if a record is refused, with the reason. It has no stack trace, because there may be many
 * bad records.
 */
public final class BadRecord extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Reason reason;
  private final String detail;

  /**
   * A reason why a job refuses a record. Each job has an enum of reasons, whose codes appear in
   * dead letters and metrics.
   */
  public interface Reason {
    /** Returns the reason's code in dead letters. */
    String code();
  }

  /**
   * Creates the exception.
   *
   * @param detail the name of the field concerned, or a short description; never the payload
   */
  public BadRecord(Reason reason, String detail) {
    super(reason.code() + ": " + detail, null, false, false);
    this.reason = reason;
    this.detail = detail;
  }

  /** Returns why the record is refused. */
  public Reason reason() {
    return reason;
  }

  /** Returns the name of the field concerned, or a short description. */
  public String detail() {
    return detail;
  }
}
