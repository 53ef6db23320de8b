// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.encoding.ScalarCodecs;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Orders writes of equal version with <i>tie numbers</i>, if one of their attempts may arrive late.
 * A first attempt has no tie number, and its condition does not hold for an item of the same
 * version that has one. An attempt after one whose outcome is unknown writes a tie number into the
 * item, so that the earlier attempt can no longer take effect. A later write of the same version is
 * refused once, sees the tie number in the response, and is repeated with a higher one. So writes
 * without faults have no tie numbers and cost nothing extra.
 *
 * <p>A tie number is a counter above 20 random bits, since two writers may reach the same counter.
 */
final class TieBreaker {

  /** Stands for no tie number: a first attempt. */
  static final long NONE = 0;

  /**
   * The longest time after which an attempt may still take effect. The service refuses requests
   * whose signature is older than 5 minutes by its clock; AWS documents at most 15 minutes. The
   * signature has the time of this machine, whose clock may be ahead by the same amount.
   */
  static final Duration LATEST_ARRIVAL = Duration.ofMinutes(30);

  private static final int RANDOM_BITS = 20;

  private TieBreaker() {}

  /** Returns the tie number of a write that was sent before without one. */
  static long first() {
    return ThreadLocalRandom.current().nextLong(1, 1L << RANDOM_BITS);
  }

  /**
   * Returns a tie number above that of a stored item, or {@link #NONE} if the item has another
   * version or no tie number.
   */
  static long after(@Nullable Map<String, AttributeValue> stored, long version) {
    AttributeValue tieNumber = stored == null ? null : stored.get(SystemAttributes.TIE_NUMBER);
    AttributeValue found = stored == null ? null : stored.get(SystemAttributes.VERSION);
    if (tieNumber == null || found == null) {
      return NONE;
    }
    try {
      return ScalarCodecs.wholeNumber(found) == version
          ? (((ScalarCodecs.wholeNumber(tieNumber) >> RANDOM_BITS) + 1) << RANDOM_BITS) | first()
          : NONE;
    } catch (RuntimeException e) {
      return NONE;
    }
  }

  /**
   * Returns the item with this tie number; unchanged for {@link #NONE}, or if it would become too
   * large.
   */
  static Map<String, AttributeValue> withTieNumber(
      Map<String, AttributeValue> item, int bytes, long tieNumber) {
    if (tieNumber == NONE || bytes > ItemSize.MAX_BYTES - 32) {
      return item;
    }
    Map<String, AttributeValue> more = new LinkedHashMap<>(item);
    more.put(SystemAttributes.TIE_NUMBER, AttributeValue.fromN(Long.toString(tieNumber)));
    return more;
  }
}
