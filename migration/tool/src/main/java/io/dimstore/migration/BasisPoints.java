// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.mirror.control.MirrorMode;

/** A share of the keys as a mirror counts it: in hundredths of a percent. */
final class BasisPoints {

  private BasisPoints() {}

  /** Converts a share from 0 to 1, which is the value of an option. */
  static int of(String option, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw Usage.badValue(option, share, "must be a share from 0 to 1");
    }
    return (int) Math.round(share * MirrorMode.ALL);
  }
}
