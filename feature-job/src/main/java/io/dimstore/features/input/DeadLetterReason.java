// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.records.BadRecord;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The reasons for which the job refuses a record, as written to the dead-letter topic. */
public enum DeadLetterReason implements BadRecord.Reason {
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

  /** The reasons for which the look-back refuses events. */
  public static final Set<DeadLetterReason> OF_LOOK_BACK = Set.of(TOO_LATE, TOO_MANY);

  /** The reasons for which the parser refuses records. */
  static final Set<DeadLetterReason> OF_PARSER =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.copyOf(OF_LOOK_BACK)));

  private final String code;

  DeadLetterReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
