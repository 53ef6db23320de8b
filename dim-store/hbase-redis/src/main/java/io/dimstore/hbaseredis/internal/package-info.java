/**
 * The store and its tables, and the periodic work that no caller waits for. This package assembles
 * the other packages and may use all of them except the factory's.
 */
@NullMarked
package io.dimstore.hbaseredis.internal;

import org.jspecify.annotations.NullMarked;
