package io.dimstore.writer;

/** Why a record is no change. Thrown once per bad record, so it carries no stack trace. */
final class BadChange extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String detail;

  BadChange(Reason reason, String detail) {
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

  /** The reasons as they stand in the dead-letter topic and in the counts. */
  enum Reason {
    NOT_JSON("not-json"),
    MISSING_FIELD("missing-field"),
    DUPLICATE_FIELD("duplicate-field"),
    WRONG_TYPE("wrong-type"),
    OUT_OF_RANGE("out-of-range"),
    UNKNOWN_OP("unknown-op"),
    EMPTY_KEY("empty-key"),
    KEY_MISMATCH("key-mismatch"),
    VERSION_OUT_OF_RANGE("version-out-of-range"),
    TOO_NEW("too-new");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }
}
