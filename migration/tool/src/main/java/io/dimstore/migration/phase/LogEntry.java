// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log. Entries are never changed.
 *
 * @param number position in the log, from 1
 * @param at when the step ended
 * @param transition what was done, or null for the plan
 * @param by who did it
 * @param before the phase before, or null for the plan
 * @param after the phase after
 * @param succeeded whether the step did what it is for
 * @param text what happened, or why it failed
 * @param forced the reason that was given for passing gates that did not hold, or null
 */
public record LogEntry(
    long number,
    Instant at,
    @Nullable Transition transition,
    String by,
    @Nullable Phase before,
    Phase after,
    boolean succeeded,
    String text,
    @Nullable String forced) {}
