/**
 * Connections to one Redis server, a Sentinel group or a Redis Cluster: pipelines, deadlines, TLS.
 * This package may use {@code breaker}, {@code script}, {@code encoding}, {@code common} and {@code
 * options}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.redis;

import org.jspecify.annotations.NullMarked;
