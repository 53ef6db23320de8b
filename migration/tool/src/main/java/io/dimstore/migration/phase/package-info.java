// SPDX-License-Identifier: Apache-2.0
/**
 * The migration of one table as a durable state machine: its phases, the transitions between them,
 * the state that is kept in shared records of the new store, and the runner that carries one
 * transition out. Knows what a transition is allowed to do and in which order things are stored;
 * what it does is passed in as an action.
 */
@NullMarked
package io.dimstore.migration.phase;

import org.jspecify.annotations.NullMarked;
