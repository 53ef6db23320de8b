// SPDX-License-Identifier: Apache-2.0
/** A whole migration on the local stack, under live writes: the command {@code migrate demo}. */
@NullMarked
package io.dimstore.migration.demo;

import org.jspecify.annotations.NullMarked;
