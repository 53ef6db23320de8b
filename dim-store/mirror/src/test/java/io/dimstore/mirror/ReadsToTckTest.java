// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;

/** Both are written, {@code from} decides, and {@code to} is read. */
class ReadsToTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return MirrorMode.BEFORE.withOther(Other.WRITTEN).withReadsTo(MirrorMode.ALL);
  }
}
