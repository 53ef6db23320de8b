// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A split or position of one side: {@code mirror/1/from/} or {@code mirror/1/to/}, followed by the
 * token of that side's store. It is continued on the side on which it was begun, whatever the mode
 * is then.
 *
 * @param side the side
 * @param token the token of that side's store
 */
record SideToken(Side side, String token) {

  private static final String SPLIT = "mirror/1/";
  private static final String POSITION = "mirror/feed/1/";

  static SideToken of(ScanSplit split) {
    return parse("Split", split.token(), SPLIT);
  }

  static SideToken of(FeedPosition position) {
    return parse("Position", position.token(), POSITION);
  }

  private static SideToken parse(String what, String token, String format) {
    for (Side side : Side.values()) {
      String begin = format + name(side) + "/";
      if (token.startsWith(begin)) {
        return new SideToken(side, token.substring(begin.length()));
      }
    }
    throw StoreException.invalid(
        what + " '" + token + "' was not written by store 'mirror' in format " + format);
  }

  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  ScanSplit split() {
    return new ScanSplit(SPLIT + name(side) + "/" + token);
  }

  FeedPosition position() {
    return new FeedPosition(POSITION + name(side) + "/" + token);
  }

  static @Nullable ScanSplit remaining(Side side, @Nullable ScanSplit split) {
    return split == null ? null : new SideToken(side, split.token()).split();
  }
}
