// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import org.jspecify.annotations.Nullable;

/**
 * The result of a call.
 *
 * @param value the result
 * @param keys number of keys or entries that the call read or wrote
 */
public record CallResult<T extends @Nullable Object>(@Nullable T value, int keys) {

  /** Returns the result of a call that returns nothing. */
  public static CallResult<Void> done(int keys) {
    return new CallResult<>(null, keys);
  }
}
