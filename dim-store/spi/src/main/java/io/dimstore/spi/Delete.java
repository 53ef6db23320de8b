// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * Makes a row absent as of a version, and leaves a tombstone (R4).
 *
 * @param key the row's key
 * @param version the version, 0 to {@link Versions#MAX}
 */
public record Delete(Key key, long version) implements Change {}
