package io.dimstore.spi;

/**
 * The absence of a row as of a version: it leaves a tombstone (R4).
 *
 * @param key the row's key
 * @param version the version, 0 to {@link Versions#MAX}
 */
public record Delete(Key key, long version) implements Change {}
