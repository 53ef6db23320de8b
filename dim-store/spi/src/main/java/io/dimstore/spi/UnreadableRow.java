package io.dimstore.spi;

import org.jspecify.annotations.Nullable;

/**
 * A stored row that a scan met and could not decode as the table's columns.
 *
 * @param key the row's key, or null where not even the key can be decoded
 * @param reason what is wrong and where, for a person to read; names the row where {@code key} is
 *     null
 */
public record UnreadableRow(@Nullable Key key, String reason) {}
