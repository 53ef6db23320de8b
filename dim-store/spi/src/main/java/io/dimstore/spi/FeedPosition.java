// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A place in one part of a {@link ChangeFeed}, as one line of text that can be stored in a
 * checkpoint and polled by another process with the same table spec. It begins with the store's id
 * and a format version ({@code memory/feed/1/…}). A store refuses a position that it did not write
 * with INVALID.
 *
 * @param token the text; only the store that wrote it interprets it
 */
public record FeedPosition(String token) {}
