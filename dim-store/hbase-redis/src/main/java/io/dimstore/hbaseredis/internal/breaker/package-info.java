/**
 * Decides whether a request is sent to Redis: circuit breakers, and the bypass of slow servers. May
 * use {@code common}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.breaker;

import org.jspecify.annotations.NullMarked;
