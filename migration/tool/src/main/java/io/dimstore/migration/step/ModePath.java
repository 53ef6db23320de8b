// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;

/**
 * The order of changes from one mode to another. The mirror allows two modes at the same time only
 * under these conditions, which each change keeps: the other side is read only while it is written,
 * and the primary changes only while every write has to reach both sides.
 */
final class ModePath {

  private ModePath() {}

  /**
   * Returns the next mode on the way.
   *
   * @return the target itself where one change suffices, and if both are equal
   */
  static MirrorMode next(MirrorMode current, MirrorMode target) {
    if (current.equals(target)) {
      return target;
    }
    if (current.primary() != target.primary()) {
      if (!current.isMirrored()) {
        return current.withOther(Other.WRITTEN);
      }
      if (current.other() != Other.REQUIRED) {
        return current.withOther(Other.REQUIRED);
      }
      return current.withPrimary(target.primary());
    }
    if (!current.isMirrored()) {
      return readsAndShadowsPrimary(target.withOther(Other.WRITTEN));
    }
    if (!target.isMirrored()) {
      // The target reads and compares its primary alone.
      return onlyDiffersInOther(current, target) ? target : target.withOther(Other.WRITTEN);
    }
    return target;
  }

  /** Returns whether the change makes another side the primary. */
  static boolean changesPrimary(MirrorMode current, MirrorMode next) {
    return current.primary() != next.primary();
  }

  /** Returns the mode with all reads from its primary and no shadow reads. */
  static MirrorMode readsAndShadowsPrimary(MirrorMode mode) {
    return mode.withReadsTo(mode.primary() == Side.TO ? MirrorMode.ALL : 0)
        .withShadow(0, ShadowWith.OTHER, mode.series());
  }

  private static boolean onlyDiffersInOther(MirrorMode current, MirrorMode target) {
    // The comparison changes the target, because the current mode might not be valid with the
    // target's value.
    return target.withOther(current.other()).equals(current);
  }
}
