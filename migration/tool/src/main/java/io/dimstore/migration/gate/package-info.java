// SPDX-License-Identifier: Apache-2.0
/**
 * What has to be shown before a table's lookups and writes move to the other store: evidence, the
 * gates that judge it, and the certificate that lists both. Knows no store and does no I/O.
 */
@NullMarked
package io.dimstore.migration.gate;

import org.jspecify.annotations.NullMarked;
