// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;

/** Both are written, {@code from} is read, and each read is compared. */
class ReadsFromTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return MirrorMode.BEFORE
        .withOther(Other.WRITTEN)
        .withShadow(MirrorMode.ALL, ShadowWith.OTHER, "tck");
  }
}
