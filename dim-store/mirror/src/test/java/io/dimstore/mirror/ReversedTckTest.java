// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;

/** After the cut-over: {@code to} decides, and some reads go to {@code from}. */
class ReversedTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return new MirrorMode(Side.TO, Other.WRITTEN, 2_000, 0, ShadowWith.OTHER, "0");
  }
}
