// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

/** The reasons why a record is not a valid change. Dead letters and counts contain their codes. */
public enum ChangeReason implements BadRecord.Reason {
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

  ChangeReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
