/**
 * Keeps Redis consistent with HBase: reconciles the keys of write intents, and compares the two.
 * This package may use {@code table}, {@code entry}, {@code hbase}, {@code redis} and all packages
 * below those.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.repair;

import org.jspecify.annotations.NullMarked;
