// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A key whose two rows differ, although both sides had time to settle.
 *
 * @param key the key, for people; null if it cannot be decoded
 * @param kind how the rows differ
 * @param from what the source holds
 * @param fromVersion its version, or null
 * @param to what the target holds
 * @param toVersion its version, or null
 * @param reason why a row cannot be read, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Difference(
    @Nullable String key,
    Kind kind,
    Content from,
    @Nullable Long fromVersion,
    Content to,
    @Nullable Long toVersion,
    @Nullable String reason) {

  /** How two rows differ. The source is right. */
  public enum Kind {
    /** The source has a row or a young tombstone, and the target has nothing or a tombstone. */
    MISSING,
    /** The target has a row or a version that the source does not have. */
    EXTRA,
    /** The target has an older version. */
    STALE,
    /** Both have the same version with other values. */
    VALUE,
    /** Both have the same version and values with another expiry. */
    EXPIRY,
    /** One of the two cannot be decoded. */
    UNREADABLE
  }

  /** What a store holds for a key. */
  public enum Content {
    ROW,
    TOMBSTONE,
    NOTHING,
    UNREADABLE
  }
}
