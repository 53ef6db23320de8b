// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;

/** Before a migration: only {@code from} is used. */
class FromAloneTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return MirrorMode.BEFORE;
  }
}
