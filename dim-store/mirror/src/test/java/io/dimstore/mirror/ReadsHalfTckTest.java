// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;

/** Both are written, and each answers half of the reads. */
class ReadsHalfTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return MirrorMode.BEFORE.withOther(Other.WRITTEN).withReadsTo(5_000);
  }
}
