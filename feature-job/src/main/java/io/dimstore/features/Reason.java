// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import io.dimstore.jobs.records.BadRecord;

/** The reasons for which a record is not an event, as written to the dead-letter topic. */
enum Reason implements BadRecord.Reason {
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

  @Override
  public String code() {
    return code;
  }
}
