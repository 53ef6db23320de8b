// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

/** Generates increasing versions. Not thread-safe. */
public final class VersionSequence {

  private long last;

  public long next() {
    return ++last;
  }
}
