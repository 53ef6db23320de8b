package io.dimstore.dynamodb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Orders writes of equal version where one of their attempts may arrive late. A first attempt has
 * no turn, and is refused by an item of its version that has one. An attempt that follows one whose
 * outcome is unknown writes a turn into the item, so that the earlier attempt has no effect any
 * more. A later write of the same version is refused once, sees the turn, and takes the next one.
 * So a write that meets no fault carries nothing and costs nothing.
 *
 * <p>A turn is a number that counts up, and 20 random bits, since two writers may count alike.
 */
final class Turns {

  /** A first attempt. */
  static final long NONE = 0;

  /** The service refuses requests that were signed 5 minutes ago; allows for clocks that differ. */
  static final Duration LATEST_ARRIVAL = Duration.ofMinutes(10);

  private static final int RANDOM_BITS = 20;

  private Turns() {}

  /** The turn of a write that was sent before, and may have met no turn. */
  static long first() {
    return ThreadLocalRandom.current().nextLong(1, 1L << RANDOM_BITS);
  }

  /**
   * The turn after that of a stored item, or {@link #NONE} where the item did not refuse a write of
   * this version for its turn.
   */
  static long after(@Nullable Map<String, AttributeValue> stored, long version) {
    AttributeValue turn = stored == null ? null : stored.get(SystemAttributes.TURN);
    AttributeValue found = stored == null ? null : stored.get(SystemAttributes.VERSION);
    if (turn == null || found == null) {
      return NONE;
    }
    try {
      return ScalarCodecs.wholeNumber(found) == version
          ? (((ScalarCodecs.wholeNumber(turn) >> RANDOM_BITS) + 1) << RANDOM_BITS) | first()
          : NONE;
    } catch (RuntimeException e) {
      return NONE;
    }
  }

  /** The item with this turn, or as it is where it would become too large. */
  static Map<String, AttributeValue> withTurn(
      Map<String, AttributeValue> item, int bytes, long turn) {
    if (turn == NONE || bytes > ItemSize.MAX_BYTES - 32) {
      return item;
    }
    Map<String, AttributeValue> more = new LinkedHashMap<>(item);
    more.put(SystemAttributes.TURN, AttributeValue.fromN(Long.toString(turn)));
    return more;
  }
}
