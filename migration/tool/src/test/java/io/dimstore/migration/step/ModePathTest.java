// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModePathTest {

  /** From each mode to each other one in few changes, each of which the mirror accepts. */
  @Test
  void everyPathEndsAndHasOnlyChangesThatTheMirrorAccepts() {
    List<MirrorMode> modes = modes();
    assertThat(modes).hasSizeGreaterThan(50);
    for (MirrorMode from : modes) {
      for (MirrorMode to : modes) {
        MirrorMode current = from;
        int changes = 0;
        while (!current.equals(to)) {
          MirrorMode next = ModePath.next(current, to);
          assertThat(next.problemAfter(current)).as("%s to %s", current, next).isNull();
          current = next;
          assertThat(++changes).as("%s to %s", from, to).isLessThanOrEqualTo(5);
        }
      }
    }
  }

  @Test
  void primaryChangesOnceAtMost() {
    for (MirrorMode from : modes()) {
      for (MirrorMode to : modes()) {
        int changes = 0;
        MirrorMode current = from;
        while (!current.equals(to)) {
          MirrorMode next = ModePath.next(current, to);
          if (ModePath.changesPrimary(current, next)) {
            assertThat(current.other()).isEqualTo(Other.REQUIRED);
            assertThat(next.other()).isEqualTo(Other.REQUIRED);
            changes++;
          }
          current = next;
        }
        assertThat(changes).isEqualTo(from.primary() == to.primary() ? 0 : 1);
      }
    }
  }

  /** All modes with a few shares. */
  private static List<MirrorMode> modes() {
    List<MirrorMode> modes = new ArrayList<>();
    for (Side primary : Side.values()) {
      for (Other other : Other.values()) {
        for (int readsTo : new int[] {0, 5_000, MirrorMode.ALL}) {
          for (int shadow : new int[] {0, 100}) {
            for (ShadowWith with : ShadowWith.values()) {
              try {
                modes.add(new MirrorMode(primary, other, readsTo, shadow, with, "1"));
              } catch (StoreException e) {
                // Not a mode.
              }
            }
          }
        }
      }
    }
    return modes;
  }
}
