// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.stack.relay.Gate;
import io.dimstore.stack.relay.Hold;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Holds and gates for a relay that recognize calls of the store's Redis scripts. */
final class ScriptHolds {

  private ScriptHolds() {}

  /**
   * Holds a share of the calls of a script, and a tenth of that share of all other pieces, for a
   * random time.
   */
  static Hold mostly(Scripts script, double share, int maxMicros, Random random) {
    return (piece, length) -> {
      boolean named = isCallOf(script, new String(piece, 0, length, StandardCharsets.ISO_8859_1));
      synchronized (random) {
        return random.nextDouble() < (named ? share : share / 10)
            ? TimeUnit.MICROSECONDS.toNanos(random.nextInt(maxMicros))
            : 0;
      }
    };
  }

  /** Whether a piece calls a script, by its digest or, the first time, by its source. */
  static boolean isCallOf(Scripts script, String piece) {
    return piece.contains(new String(script.sha(), StandardCharsets.ISO_8859_1))
        || piece.contains(new String(script.source(), StandardCharsets.ISO_8859_1));
  }

  /** Returns a gate that holds calls of a script that name a key. */
  static Gate gate(Scripts script, String name) {
    return Gate.holding(
        script + " of " + name, piece -> piece.contains(name) && isCallOf(script, piece));
  }

  /** Returns a gate that holds a piece which is this text and no more. */
  static Gate gateForExactly(String text) {
    return Gate.holding(text, piece -> piece.equals(text));
  }
}
