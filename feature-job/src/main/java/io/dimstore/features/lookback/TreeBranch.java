// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** An inner node of the tree. It holds the sums of each of its children. */
final class TreeBranch extends TreeNode {

  static final int MAX = 32;

  private final int level;
  private final List<Child> children;

  TreeBranch(int level, List<Child> children) {
    this.level = level;
    this.children = children;
  }

  List<Child> children() {
    return children;
  }

  /**
   * Returns the index of the child to which an event of this time belongs. The event comes after
   * all events that are not newer.
   */
  int indexOf(long time) {
    int i = 0;
    while (i < children.size() - 1 && children.get(i).lastTime <= time) {
      i++;
    }
    return i;
  }

  /** Returns the index of the child that holds the event at this place. */
  int indexOf(TreeStore.Occurrence place) {
    int i = 0;
    while (i < children.size() - 1 && children.get(i).isBefore(place)) {
      i++;
    }
    return i;
  }

  /** Moves the children from index {@code at} on into a new branch. */
  TreeBranch split(int at) {
    List<Child> moved = children.subList(at, children.size());
    TreeBranch right = new TreeBranch(level, new ArrayList<>(moved));
    moved.clear();
    return right;
  }

  @Override
  int level() {
    return level;
  }

  @Override
  Child summary(long id) {
    Child sum = new Child(id);
    Child last = children.get(children.size() - 1);
    sum.firstTime = children.get(0).firstTime;
    sum.lastTime = last.lastTime;
    sum.lastSequence = last.lastSequence;
    for (Child child : children) {
      sum.totals.add(child.totals);
      sum.oldestPrevious = Math.min(sum.oldestPrevious, child.oldestPrevious);
      sum.newestPrevious = Math.max(sum.newestPrevious, child.newestPrevious);
    }
    return sum;
  }

  @Override
  void write(DataOutputSerializer out) throws IOException {
    VarLong.write(children.size(), out);
    long before = 0;
    for (Child child : children) {
      VarLong.write(child.id, out);
      VarLong.write(child.firstTime - before, out);
      VarLong.write(child.lastTime - child.firstTime, out);
      VarLong.write(child.lastSequence, out);
      VarLong.write(child.totals.events, out);
      VarLong.write(child.totals.buys, out);
      VarLong.write(child.totals.returns, out);
      VarLong.write(child.totals.spend, out);
      VarLong.write(child.totals.returned, out);
      VarLong.write(child.totals.latest, out);
      VarLong.write(child.totals.oldest, out);
      if (child.newestPrevious == NEVER) {
        VarLong.write(0, out);
      } else {
        VarLong.write(child.lastTime - child.newestPrevious + 1, out);
        VarLong.write(child.newestPrevious - child.oldestPrevious, out);
      }
      before = child.lastTime;
    }
  }

  static TreeBranch read(int level, DataInputDeserializer in) throws IOException {
    int size = (int) VarLong.read(in);
    List<Child> children = new ArrayList<>(MAX);
    long before = 0;
    for (int i = 0; i < size; i++) {
      Child child = new Child(VarLong.read(in));
      child.firstTime = before + VarLong.read(in);
      child.lastTime = child.firstTime + VarLong.read(in);
      child.lastSequence = VarLong.read(in);
      child.totals.events = VarLong.read(in);
      child.totals.buys = VarLong.read(in);
      child.totals.returns = VarLong.read(in);
      child.totals.spend = VarLong.read(in);
      child.totals.returned = VarLong.read(in);
      child.totals.latest = VarLong.read(in);
      child.totals.oldest = VarLong.read(in);
      long distance = VarLong.read(in);
      if (distance > 0) {
        child.newestPrevious = child.lastTime - distance + 1;
        child.oldestPrevious = child.newestPrevious - VarLong.read(in);
      }
      children.add(child);
      before = child.lastTime;
    }
    return new TreeBranch(level, children);
  }

  /** A child node: its number, its sums, and the times of its first and last events. Mutable. */
  static final class Child {

    final long id;
    final TreeTotals totals = new TreeTotals();
    long firstTime;
    long lastTime;
    long lastSequence;

    /**
     * The smallest {@link TreeLeaf#previous} other than {@link #NEVER}, or {@code Long.MAX_VALUE}
     * if there is none.
     */
    long oldestPrevious = Long.MAX_VALUE;

    /** The greatest {@link TreeLeaf#previous}, or {@link #NEVER} if there is none. */
    long newestPrevious = NEVER;

    Child(long id) {
      this.id = id;
    }

    void seePrevious(long time) {
      if (time != NEVER) {
        oldestPrevious = Math.min(oldestPrevious, time);
        newestPrevious = Math.max(newestPrevious, time);
      }
    }

    boolean isBefore(TreeStore.Occurrence place) {
      return lastTime < place.time()
          || (lastTime == place.time() && lastSequence < place.sequence());
    }
  }
}
