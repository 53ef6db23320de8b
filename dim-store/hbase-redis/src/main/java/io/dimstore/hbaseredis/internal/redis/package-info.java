/**
 * Connections to one Redis server, a Sentinel group or a Redis Cluster: pipelines, deadlines,
 * circuit breakers, TLS. This package may use {@code script}, {@code encoding}, {@code common} and
 * {@code options}.
 */
@NullMarked
package io.dimstore.hbaseredis.internal.redis;

import org.jspecify.annotations.NullMarked;
