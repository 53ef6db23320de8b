// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;

/** While the primary changes: {@code to} decides, and both are required. */
class SwitchingTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return new MirrorMode(Side.TO, Other.REQUIRED, MirrorMode.ALL, 0, ShadowWith.OTHER, "0");
  }
}
