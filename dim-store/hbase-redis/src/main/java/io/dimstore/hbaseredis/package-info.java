/**
 * The legacy path: HBase holds the truth, Redis a copy that a guard and leases keep in step. Only
 * {@link io.dimstore.hbaseredis.HBaseRedisStoreFactory} is public; everything else is found through
 * the SPI. {@code docs/storage-format.md} has the bytes that are written.
 */
@NullMarked
package io.dimstore.hbaseredis;

import org.jspecify.annotations.NullMarked;
