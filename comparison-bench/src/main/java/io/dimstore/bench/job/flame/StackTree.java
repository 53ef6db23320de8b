// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.flame;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many sampled stacks begin with the same frames. Not thread-safe. */
final class StackTree {

  private final Map<String, StackTree> callees = new TreeMap<>();
  private long samples;

  /** Counts a sample. The outermost frame comes first. */
  void add(List<String> frames) {
    StackTree at = this;
    at.samples++;
    for (String frame : frames) {
      at = at.callees.computeIfAbsent(frame, ignored -> new StackTree());
      at.samples++;
    }
  }

  /** Returns how many samples were in this frame or in its callees. */
  long samples() {
    return samples;
  }

  /** Returns the callees by name, in the order of their names. */
  Map<String, StackTree> callees() {
    return callees;
  }

  /** Returns the number of frames on the longest stack whose share of all samples is shown. */
  int depth(long least) {
    int deepest = 0;
    for (StackTree callee : callees.values()) {
      if (callee.samples >= least) {
        deepest = Math.max(deepest, 1 + callee.depth(least));
      }
    }
    return deepest;
  }
}
