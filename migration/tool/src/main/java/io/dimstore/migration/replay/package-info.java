// SPDX-License-Identifier: Apache-2.0
/** Checks the results of a feature job that was run on both stores of a migration. */
@NullMarked
package io.dimstore.migration.replay;

import org.jspecify.annotations.NullMarked;
