package io.dimstore.features;

import io.dimstore.features.BadEvent.Reason;
import io.dimstore.features.TreeStore.Occurrence;
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
 * One user's events as a B+ tree, for a past too long to be read whole. Events are sorted by time
 * and, within one time, by arrival; a branch holds the sums of each node below it. A window is the
 * difference of two sums over prefixes, so an event reads and writes a number of nodes that grows
 * with the logarithm of the past, wherever its time lies.
 *
 * <p>Distinct items come from the same sums: each event knows the occurrence of its item before it,
 * and the newest occurrence of each item is marked. A window that ends at the newest event has as
 * many items as marked events. A window that ends at an earlier time t has, beside its marked
 * events, one item for each event after t whose previous occurrence lies in the window. Those
 * events alone are looked at one by one, except where a branch says that none of them qualifies.
 *
 * <p>An instance serves one event or one conversion: it reads each node once, and {@link #save}
 * writes what has changed. Not thread-safe.
 */
final class EventTree {

  /** Leaves that one event may prune: more than it can make, so that the tree shrinks. */
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

  /** Opens the tree of this head. */
  static EventTree open(TreeStore store, LargeHistory head) throws Exception {
    return new EventTree(store, head);
  }

  /**
   * Builds a tree of the events of a short history.
   *
   * @param store empty for this user
   * @param cleanUpAt when a timer looks whether the user is forgotten
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

  /** Events held, those included that no window reaches any more and that are yet to be pruned. */
  long size() throws Exception {
    return summary(rootId).totals.events;
  }

  /**
   * Adds an event and computes its look-back. Refuses one that is more than {@code lateness} older
   * than the newest event of this user, and one that finds {@code maxEvents} in all windows that
   * may still be asked for.
   *
   * @param lateness milliseconds
   * @param out receives the look-back; untouched when the event is refused
   * @return null if the event was added; why not otherwise, and then nothing changed
   */
  @Nullable Reason add(
      long time,
      byte[] item,
      EventKind kind,
      long amount,
      long lateness,
      long maxEvents,
      LookBack out)
      throws Exception {
    if (time < newest - lateness) {
      return Reason.TOO_LATE;
    }
    long reach = LookBackWindows.LONGEST.toMillis() + lateness;
    if (size() >= maxEvents) {
      prune(Math.max(newest, time) - reach); // what it removes makes room, so the event is added
      if (size() >= maxEvents) {
        return Reason.TOO_MANY;
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

  /** Writes the changed nodes, and answers the new head. */
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

  /** Answers the node to the right, if this one had to be split. */
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
      // In order, leaves are filled to the end and the next one begins.
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

  /** The event of this place is no longer its item's newest occurrence. */
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
   * Finds the first occurrence of an item after {@code time}, and makes {@code time} the one before
   * it. Answers what stood there, or NOT_FOUND.
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
      // The previous occurrence of the one to find is not after this time, or there is none.
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

  /** Counts, per window that ends at {@code time}, the later events whose item it last holds. */
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

  /** The sums over all events that are not newer than {@code time}. */
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

  /** Removes leaves that no window of an event to come can reach, a few at a time. */
  private void prune(long upTo) throws Exception {
    for (int i = 0; i < MAX_PRUNED && firstLeafEnd <= upTo; i++) {
      firstLeafEnd = endOfFirstLeaf(); // a late event may have moved it
      if (firstLeafEnd > upTo) {
        return;
      }
      removeFirstLeaf(rootId);
      while (node(rootId) instanceof TreeBranch root && root.children().size() == 1) {
        long below = root.children().get(0).id;
        node(below);
        remove(rootId);
        rootId = below;
        store.removeNode(rootId); // it is part of the head from now on
      }
      firstLeafEnd = endOfFirstLeaf();
    }
  }

  /**
   * The newest event is in the last leaf, so a branch never loses all its leaves here but below.
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
    return Long.MAX_VALUE; // a single leaf is never pruned
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
