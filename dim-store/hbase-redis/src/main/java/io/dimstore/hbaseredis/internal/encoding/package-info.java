/**
 * The layout of a table: row keys, cells, state cells, and the formats of entries. This package may
 * use {@code options}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.encoding;

import org.jspecify.annotations.NullMarked;
