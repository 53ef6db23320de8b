// SPDX-License-Identifier: Apache-2.0
/**
 * What each step of a migration does to a mirrored table: changes of its mode in an order in which
 * no write is lost, and the measurements that the gates judge.
 */
@NullMarked
package io.dimstore.migration.step;

import org.jspecify.annotations.NullMarked;
