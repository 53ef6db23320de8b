// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/** The keys that each subtask of an operator has received, in their order. */
final class SubtaskKeys {

  private final AtomicReferenceArray<Sequence> sequences;

  /** The keys of one subtask, which is their only writer. */
  private static final class Sequence {
    private int[] keys = new int[1 << 16];
    private int size;

    private void add(int key) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
      }
      keys[size++] = key;
    }
  }

  SubtaskKeys(int subtasks) {
    sequences = new AtomicReferenceArray<>(subtasks);
    for (int i = 0; i < subtasks; i++) {
      sequences.set(i, new Sequence());
    }
  }

  /** Adds a key. The events of a subtask are added by one thread. */
  void add(int subtask, int key) {
    sequences.get(subtask).add(key);
  }

  int subtasks() {
    return sequences.length();
  }

  /** Returns how many events a subtask has received. */
  int events(int subtask) {
    return sequences.get(subtask).size;
  }

  int events() {
    int sum = 0;
    for (int i = 0; i < subtasks(); i++) {
      sum += events(i);
    }
    return sum;
  }

  /** Returns the load of the busiest subtask, as a multiple of the mean. */
  double busiestByMean() {
    int most = 0;
    for (int i = 0; i < subtasks(); i++) {
      most = Math.max(most, events(i));
    }
    return (double) most * subtasks() / events();
  }

  /** Passes the keys of a subtask on, in their order. */
  void replay(int subtask, IntConsumer consumer) {
    Sequence sequence = sequences.get(subtask);
    for (int i = 0; i < sequence.size; i++) {
      consumer.accept(sequence.keys[i]);
    }
  }

  /** Returns the keys that more than one subtask has received. */
  List<Integer> shared(int keys) {
    int[] owners = new int[keys];
    for (int i = 0; i < subtasks(); i++) {
      boolean[] seen = new boolean[keys];
      replay(i, key -> seen[key] = true);
      for (int key = 0; key < keys; key++) {
        owners[key] += seen[key] ? 1 : 0;
      }
    }
    List<Integer> shared = new ArrayList<>();
    for (int key = 0; key < keys; key++) {
      if (owners[key] > 1) {
        shared.add(key);
      }
    }
    return shared;
  }
}
