// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Steps of the runner that bring about what a command has to refuse, and take it back. */
final class Probes {

  /** The key of a row that only the new store has. */
  static final String EXTRA = "planted";

  /** The key of a row that is too large for the new store, so that its write stays pending. */
  static final String LARGE = "large";

  static final String PLANT = "@plant an extra row";
  static final String REMOVE = "@remove the extra row";
  static final String TOO_LARGE = "@write a row that the new store refuses";
  static final String DELETE = "@delete that row";

  private static final int CHARACTERS = 450_000;

  private Probes() {}

  /** Carries a step out; returns whether it is one of these. */
  static boolean carryOut(String step, DimensionTable to, DimensionTable mirror) throws Exception {
    Key large = Key.of(LARGE);
    long now = System.currentTimeMillis();
    switch (step) {
      case PLANT -> await(to, new Put(Key.of(EXTRA), Row.of("extra", 0L), 1));
      case REMOVE -> await(to, new Delete(Key.of(EXTRA), 2));
      case TOO_LARGE -> await(mirror, new Put(large, Row.of("x".repeat(CHARACTERS), 0L), now));
      case DELETE -> await(mirror, new Delete(large, now));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void await(DimensionTable table, io.dimstore.spi.Change change) throws Exception {
    table.write(List.of(change)).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
