package io.dimstore.spi;

/**
 * A place in one part of a {@link ChangeFeed}, as one line of text that can be kept in a checkpoint
 * and polled by another process with the same table spec. It begins with the store's id and a
 * format version ({@code memory/feed/1/…}); a store refuses what it did not write with INVALID.
 *
 * @param token the text; only the store that made it reads it
 */
public record FeedPosition(String token) {}
