// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;

/** After a migration: only {@code to} is used. */
class ToAloneTckTest extends MirrorTck {

  @Override
  MirrorMode mode() {
    return new MirrorMode(Side.TO, Other.UNUSED, MirrorMode.ALL, 0, ShadowWith.OTHER, "0");
  }
}
