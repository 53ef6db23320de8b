// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.StoreException;
import java.time.Duration;

/** A fault that {@link FaultyStore} can inject into a call. */
public sealed interface CallFault {

  /** The call fails and never reaches the store. */
  record Fail(StoreException.Kind kind) implements CallFault {}

  /** The call is executed, but its answer is lost: the caller sees a failure. */
  record LoseAnswer(StoreException.Kind kind) implements CallFault {}

  /**
   * A write applies the first half of its changes and then fails. Other calls fail as with {@link
   * Fail}.
   */
  record ApplyHalf(StoreException.Kind kind) implements CallFault {}

  /** The call reaches the store at once; its answer or failure arrives this much later. */
  record DelayAnswer(Duration by) implements CallFault {}

  /** The call reaches the store this much later. */
  record DelayRequest(Duration by) implements CallFault {}

  /**
   * The call is held back until the next call of the same kind has ended, so that the two swap
   * their order. {@link FaultyStore#heal} and {@link FaultyStore#close} also release it.
   */
  record LetOvertake() implements CallFault {}
}
