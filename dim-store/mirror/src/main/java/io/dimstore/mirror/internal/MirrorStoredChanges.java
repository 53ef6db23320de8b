// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.support.Admission;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primary, whatever share of the lookups the other side answers. Unlike a lookup, a call
 * fails if it is not known which side that is.
 */
final class MirrorStoredChanges implements StoredChanges {

  private final Map<Side, StoredChanges> sides;
  private final ModeWatch watch;
  private final Admission admission;

  /**
   * @param sides both sides
   */
  MirrorStoredChanges(Map<Side, StoredChanges> sides, ModeWatch watch, Admission admission) {
    this.sides = new EnumMap<>(sides);
    this.watch = watch;
    this.admission = admission;
  }

  @Override
  public CompletionStage<List<@Nullable Change>> stored(List<Key> keys) {
    return admission.admit(
        keys.size(),
        deadline ->
            watch
                .valid()
                .thenCompose(
                    known ->
                        Objects.requireNonNull(sides.get(known.mode().primary())).stored(keys)));
  }
}
