// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import org.jspecify.annotations.Nullable;

/**
 * A stored row that a scan or a feed could not decode as the table's columns.
 *
 * @param key the row's key, or null if the key cannot be decoded either
 * @param reason what is wrong and where, for people; identifies the row if {@code key} is null
 */
public record UnreadableRow(@Nullable Key key, String reason) {}
