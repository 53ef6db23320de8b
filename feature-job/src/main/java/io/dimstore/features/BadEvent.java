package io.dimstore.features;

/** Why a record is no event. Thrown once per bad record, so it carries no stack trace. */
final class BadEvent extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String detail;

  BadEvent(Reason reason, String detail) {
    super(reason.code() + ": " + detail, null, false, false);
    this.reason = reason;
    this.detail = detail;
  }

  Reason reason() {
    return reason;
  }

  /** What the reason is about: the field's name, or a short description; never the payload. */
  String detail() {
    return detail;
  }

  /** The reasons as they stand in the dead-letter topic. */
  enum Reason {
    NOT_JSON("not-json"),
    MISSING_FIELD("missing-field"),
    DUPLICATE_FIELD("duplicate-field"),
    WRONG_TYPE("wrong-type"),
    EMPTY_FIELD("empty-field"),
    UNKNOWN_EVENT_TYPE("unknown-event-type"),
    NEGATIVE("negative"),
    OUT_OF_RANGE("out-of-range"),
    IMPOSSIBLE_TIME("impossible-time"),
    TOO_NEW("too-new"),
    TOO_LATE("too-late"),
    TOO_MANY("too-many");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }
}
