// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventKind;

/** Sums over events of a tree. Mutable. */
final class TreeTotals {

  long events;
  long buys;
  long returns;
  long spend;
  long returned;

  /** Events that are the newest occurrence of their item. */
  long latest;

  /** Events that are the oldest occurrence of their item. */
  long oldest;

  void add(TreeTotals more) {
    events += more.events;
    buys += more.buys;
    returns += more.returns;
    spend += more.spend;
    returned += more.returned;
    latest += more.latest;
    oldest += more.oldest;
  }

  /** Adds one event of a leaf. */
  void add(TreeLeaf leaf, int i) {
    events++;
    EventKind kind = leaf.kind(i);
    if (kind == EventKind.BUY) {
      buys++;
      spend += leaf.amount(i);
    } else if (kind == EventKind.RETURN) {
      returns++;
      returned += leaf.amount(i);
    }
    latest += leaf.isLatest(i) ? 1 : 0;
    oldest += leaf.previous(i) == TreeNode.NEVER ? 1 : 0;
  }
}
