// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import org.jspecify.annotations.Nullable;

/**
 * The result of a call.
 *
 * @param value the result
 * @param keys number of keys or entries that the call read or wrote
 */
public record Answer<T extends @Nullable Object>(@Nullable T value, int keys) {

  /** Returns the answer of a call that has no result. */
  public static Answer<Void> done(int keys) {
    return new Answer<>(null, keys);
  }
}
