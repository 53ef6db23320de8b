/**
 * The Lua scripts that run inside Redis, and calls of them. This package may use {@code encoding}
 * and {@code options}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.script;

import org.jspecify.annotations.NullMarked;
