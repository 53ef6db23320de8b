// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.DeadLetterReason;
import io.dimstore.features.input.EventKind;
import io.dimstore.features.lookback.TreeStore.Occurrence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One user's events as a B+ tree, for histories that are too long to be read as a whole.
 *
 * <p>Events are sorted by time and, if times are equal, by arrival. A branch holds the sums of each
 * of its child nodes. The aggregates of a window are the difference of two prefix sums. An event
 * therefore reads and writes a number of nodes that grows with the logarithm of the history's
 * length, wherever its time lies.
 *
 * <p>Distinct items are counted from the same sums. Each event stores the time of the previous
 * occurrence of its item, and the newest occurrence of each item is marked. A window that ends at
 * the newest event has as many distinct items as marked events. A window that ends at an earlier
 * time t has one distinct item for each marked event in it, and one for each event after t whose
 * previous occurrence lies in the window. Only the events after t are read one by one, and a branch
 * whose sums show that none of its events qualifies is skipped.
 *
 * <p>An instance is used for one event or one conversion. It reads each node once, and {@link
 * #save} writes the changed nodes. Not thread-safe.
 */
final class EventTree {

  /**
   * The maximum number of leaves that one event prunes. It is greater than the number of leaves
   * that one event can create, so that the tree shrinks.
   */
  private static final int MAX_PRUNED = 4;

  private static final long NOT_FOUND = -2;

  private final TreeStore store;
  private final Map<Long, TreeNode> nodes = new HashMap<>();
  private final Set<Long> changed = new HashSet<>();
  private long rootId;
  private long newest;
  private long firstLeafEnd;
  private long nextNode;
  private long nextSequence;
  private final long cleanUpAt;

  private EventTree(TreeStore store, LargeHistory head) throws Exception {
    this.store = store;
    this.rootId = head.rootId();
    this.newest = head.newest();
    this.firstLeafEnd = head.firstLeafEnd();
    this.nextNode = head.nextNode();
    this.nextSequence = head.nextSequence();
    this.cleanUpAt = head.cleanUpAt();
    nodes.put(rootId, TreeNode.decoded(head.root()));
  }

  private EventTree(TreeStore store, long cleanUpAt) {
    this.store = store;
    this.rootId = 0;
    this.newest = TreeNode.NEVER;
    this.nextNode = 1;
    this.firstLeafEnd = Long.MAX_VALUE;
    this.cleanUpAt = cleanUpAt;
    nodes.put(rootId, new TreeLeaf());
  }

  /** Opens the tree with this head. */
  static EventTree open(TreeStore store, LargeHistory head) throws Exception {
    return new EventTree(store, head);
  }

  /**
   * Builds a tree from the events of a short history.
   *
   * @param store empty for this user
   * @param cleanUpAt when a timer checks whether the user's state has expired, in epoch
   *     milliseconds
   */
  static EventTree of(UserHistory history, TreeStore store, long cleanUpAt) throws Exception {
    EventTree tree = new EventTree(store, cleanUpAt);
    for (int i = 0; i < history.size(); i++) {
      tree.insert(
          history.time(i),
          history.items().name(history.item(i)),
          history.kind(i),
          history.amount(i));
    }
    return tree;
  }

  /**
   * Returns the number of events, including events that no window reaches any more but that were
   * not yet pruned.
   */
  long size() throws Exception {
    return summary(rootId).totals.events;
  }

  /**
   * Adds an event and computes its look-back. An event is refused if it is more than {@code
   * lateness} older than the newest event of this user. It is also refused if the windows that may
   * still be requested already hold {@code maxEvents} events.
   *
   * @param lateness milliseconds
   * @param out receives the look-back; unchanged if the event is refused
   * @return null if the event was added; otherwise the reason, and nothing was changed
   */
  @Nullable DeadLetterReason add(
      long time,
      byte[] item,
      EventKind kind,
      long amount,
      long lateness,
      long maxEvents,
      LookBack out)
      throws Exception {
    if (time < newest - lateness) {
      return DeadLetterReason.TOO_LATE;
    }
    long reach = LookBackWindows.LONGEST.toMillis() + lateness;
    if (size() >= maxEvents) {
      // Pruning makes room, and with that room the event can be added.
      prune(Math.max(newest, time) - reach);
      if (size() >= maxEvents) {
        return DeadLetterReason.TOO_MANY;
      }
    }
    boolean late = time < newest;
    insert(time, item, kind, amount);
    TreeTotals end = late ? upTo(time) : summary(rootId).totals;
    long[] seenLater = new long[LookBackWindows.COUNT];
    if (late) {
      countPrevious(rootId, time, seenLater);
    }
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      TreeTotals begin = upTo(time - LookBackWindows.width(w));
      out.set(
          w,
          end.events - begin.events,
          end.buys - begin.buys,
          end.returns - begin.returns,
          end.spend - begin.spend,
          end.returned - begin.returned,
          end.latest - begin.latest + seenLater[w]);
    }
    prune(newest - reach);
    return null;
  }

  /** Writes the changed nodes and returns the new head. */
  LargeHistory save() throws Exception {
    byte[] root = node(rootId).encoded();
    for (long id : changed) {
      if (id != rootId) {
        store.putNode(id, node(id).encoded());
      }
    }
    changed.clear();
    return new LargeHistory(rootId, root, newest, firstLeafEnd, nextNode, nextSequence, cleanUpAt);
  }

  private void insert(long time, byte[] item, EventKind kind, long amount) throws Exception {
    Occurrence last = store.newest(item);
    long sequence = nextSequence++;
    boolean latest = last == null || last.time() <= time;
    long previous = TreeNode.NEVER;
    if (latest) {
      if (last != null) {
        previous = last.time();
        unmark(rootId, last);
      }
      store.putNewest(item, new Occurrence(time, sequence));
    } else {
      previous = becomePrevious(rootId, time, item);
      if (previous == NOT_FOUND) {
        throw damaged("the next occurrence of an item is missing");
      }
    }
    TreeBranch.@Nullable Child right =
        insert(rootId, time, sequence, item, kind, amount, previous, latest);
    if (right != null) {
      List<TreeBranch.Child> children = new ArrayList<>(TreeBranch.MAX);
      children.add(summary(rootId));
      children.add(right);
      rootId = create(new TreeBranch(node(rootId).level() + 1, children));
      firstLeafEnd = endOfFirstLeaf();
    }
    newest = Math.max(newest, time);
  }

  /**
   * Inserts an event below a node. Returns the new right sibling if the node was split, else null.
   */
  private TreeBranch.@Nullable Child insert(
      long id,
      long time,
      long sequence,
      byte[] item,
      EventKind kind,
      long amount,
      long previous,
      boolean latest)
      throws Exception {
    TreeNode node = node(id);
    changed.add(id);
    if (node instanceof TreeLeaf leaf) {
      int at = leaf.upperBound(time);
      if (leaf.size() < TreeLeaf.MAX) {
        leaf.insert(at, time, sequence, item, kind, amount, previous, latest);
        return null;
      }
      // If events arrive in order, each leaf is filled completely before the next one is started.
      int cut = at == leaf.size() ? at : leaf.size() / 2;
      TreeLeaf right = leaf.split(cut);
      TreeLeaf target = at < cut ? leaf : right;
      target.insert(
          target == leaf ? at : at - cut, time, sequence, item, kind, amount, previous, latest);
      return summary(create(right));
    }
    TreeBranch branch = (TreeBranch) node;
    int at = branch.indexOf(time);
    long below = branch.children().get(at).id;
    TreeBranch.@Nullable Child added =
        insert(below, time, sequence, item, kind, amount, previous, latest);
    branch.children().set(at, summary(below));
    if (added == null) {
      return null;
    }
    if (branch.children().size() < TreeBranch.MAX) {
      branch.children().add(at + 1, added);
      return null;
    }
    int cut = at + 1 == TreeBranch.MAX ? TreeBranch.MAX : TreeBranch.MAX / 2;
    TreeBranch right = branch.split(cut);
    if (at + 1 < cut) {
      branch.children().add(at + 1, added);
    } else {
      right.children().add(at + 1 - cut, added);
    }
    return summary(create(right));
  }

  /** Marks the event at this place as no longer the newest occurrence of its item. */
  private void unmark(long id, Occurrence place) throws Exception {
    changed.add(id);
    if (node(id) instanceof TreeLeaf leaf) {
      for (int i = 0; i < leaf.size(); i++) {
        if (leaf.time(i) == place.time() && leaf.sequence(i) == place.sequence()) {
          leaf.clearLatest(i);
          return;
        }
      }
      throw damaged("the newest occurrence of an item is missing");
    }
    TreeBranch branch = (TreeBranch) node(id);
    int at = branch.indexOf(place);
    long below = branch.children().get(at).id;
    unmark(below, place);
    branch.children().set(at, summary(below));
  }

  /**
   * Finds the first occurrence of an item after {@code time} and sets its previous occurrence to
   * {@code time}. Returns the previous occurrence that was stored before, or NOT_FOUND if there is
   * no later occurrence.
   */
  private long becomePrevious(long id, long time, byte[] item) throws Exception {
    if (node(id) instanceof TreeLeaf leaf) {
      for (int i = leaf.upperBound(time); i < leaf.size(); i++) {
        if (Arrays.equals(leaf.item(i), item)) {
          changed.add(id);
          long before = leaf.previous(i);
          leaf.setPrevious(i, time);
          return before;
        }
      }
      return NOT_FOUND;
    }
    TreeBranch branch = (TreeBranch) node(id);
    for (int at = 0; at < branch.children().size(); at++) {
      TreeBranch.Child child = branch.children().get(at);
      // The previous occurrence of the event to find is at or before this time, or does not exist.
      if (child.lastTime <= time || (child.totals.oldest == 0 && child.oldestPrevious > time)) {
        continue;
      }
      long before = becomePrevious(child.id, time, item);
      if (before != NOT_FOUND) {
        changed.add(id);
        branch.children().set(at, summary(child.id));
        return before;
      }
    }
    return NOT_FOUND;
  }

  /**
   * Counts, for each window that ends at {@code time}, the later events whose item last occurred in
   * that window.
   */
  private void countPrevious(long id, long time, long[] counts) throws Exception {
    if (node(id) instanceof TreeLeaf leaf) {
      for (int i = leaf.upperBound(time); i < leaf.size(); i++) {
        long previous = leaf.previous(i);
        if (previous == TreeNode.NEVER || previous > time) {
          continue;
        }
        for (int w = LookBackWindows.COUNT - 1;
            w >= 0 && previous > time - LookBackWindows.width(w);
            w--) {
          counts[w]++;
        }
      }
      return;
    }
    long reach = time - LookBackWindows.LONGEST.toMillis();
    for (TreeBranch.Child child : ((TreeBranch) node(id)).children()) {
      if (child.lastTime > time
          && child.oldestPrevious <= time
          && child.newestPrevious > reach
          && child.newestPrevious != TreeNode.NEVER) {
        countPrevious(child.id, time, counts);
      }
    }
  }

  /** Returns the sums over all events that are not newer than {@code time}. */
  private TreeTotals upTo(long time) throws Exception {
    TreeTotals sum = new TreeTotals();
    long id = rootId;
    while (node(id) instanceof TreeBranch branch) {
      long below = -1;
      for (TreeBranch.Child child : branch.children()) {
        if (child.lastTime <= time) {
          sum.add(child.totals);
        } else {
          below = child.firstTime <= time ? child.id : -1;
          break;
        }
      }
      if (below < 0) {
        return sum;
      }
      id = below;
    }
    TreeLeaf leaf = (TreeLeaf) node(id);
    for (int i = 0; i < leaf.size() && leaf.time(i) <= time; i++) {
      sum.add(leaf, i);
    }
    return sum;
  }

  /**
   * Removes leaves that no window of a future event can reach. Removes only a few leaves per call.
   */
  private void prune(long upTo) throws Exception {
    for (int i = 0; i < MAX_PRUNED && firstLeafEnd <= upTo; i++) {
      // A late event may have moved the end of the first leaf.
      firstLeafEnd = endOfFirstLeaf();
      if (firstLeafEnd > upTo) {
        return;
      }
      removeFirstLeaf(rootId);
      while (node(rootId) instanceof TreeBranch root && root.children().size() == 1) {
        long below = root.children().get(0).id;
        node(below);
        remove(rootId);
        rootId = below;
        // From now on the root is stored in the head.
        store.removeNode(rootId);
      }
      firstLeafEnd = endOfFirstLeaf();
    }
  }

  /**
   * Removes the first leaf below a branch. The newest event is in the last leaf, so the root never
   * loses all its leaves here; a branch below it can.
   */
  private void removeFirstLeaf(long id) throws Exception {
    changed.add(id);
    TreeBranch branch = (TreeBranch) node(id);
    long first = branch.children().get(0).id;
    if (branch.level() > 1) {
      removeFirstLeaf(first);
      if (!((TreeBranch) node(first)).children().isEmpty()) {
        branch.children().set(0, summary(first));
        return;
      }
    } else {
      TreeLeaf leaf = (TreeLeaf) node(first);
      for (int i = 0; i < leaf.size(); i++) {
        if (leaf.isLatest(i)) {
          store.removeNewest(leaf.item(i));
        }
      }
    }
    remove(first);
    branch.children().remove(0);
  }

  private long endOfFirstLeaf() throws Exception {
    TreeNode node = node(rootId);
    while (node instanceof TreeBranch branch) {
      TreeBranch.Child first = branch.children().get(0);
      if (branch.level() == 1) {
        return first.lastTime;
      }
      node = node(first.id);
    }
    // A single leaf is never pruned.
    return Long.MAX_VALUE;
  }

  private TreeBranch.Child summary(long id) throws Exception {
    return node(id).summary(id);
  }

  private long create(TreeNode node) {
    long id = nextNode++;
    nodes.put(id, node);
    changed.add(id);
    return id;
  }

  private void remove(long id) throws Exception {
    nodes.remove(id);
    changed.remove(id);
    store.removeNode(id);
  }

  private TreeNode node(long id) throws Exception {
    TreeNode node = nodes.get(id);
    if (node == null) {
      byte @Nullable [] bytes = store.node(id);
      if (bytes == null) {
        throw damaged("node " + id + " is missing");
      }
      node = Objects.requireNonNull(TreeNode.decoded(bytes));
      nodes.put(id, node);
    }
    return node;
  }

  private static IllegalStateException damaged(String what) {
    return new IllegalStateException("the look-back state of a user is damaged: " + what);
  }
}
