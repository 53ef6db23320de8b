package io.dimstore.tck;

import io.dimstore.spi.StoreException;
import java.time.Duration;

/** What {@link FaultyStore} can do to a call. */
public sealed interface Fault {

  /** The call fails and never reaches the store. */
  record Fail(StoreException.Kind kind) implements Fault {}

  /** The call is carried out, and its answer is lost: to the caller it has failed. */
  record LoseAnswer(StoreException.Kind kind) implements Fault {}

  /**
   * Of a write the first half of the changes is carried out, and then it fails. Other calls fail as
   * with {@link Fail}.
   */
  record ApplyHalf(StoreException.Kind kind) implements Fault {}

  /** The call reaches the store at once; its answer, good or bad, comes this much later. */
  record DelayAnswer(Duration by) implements Fault {}

  /** The call reaches the store this much later. */
  record DelayRequest(Duration by) implements Fault {}

  /**
   * The call is held back until the next call of the same kind has ended, so that they swap their
   * order; at the latest until {@link FaultyStore#heal} or {@link FaultyStore#close}.
   */
  record LetOvertake() implements Fault {}
}
