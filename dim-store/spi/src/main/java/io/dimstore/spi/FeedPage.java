// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;

/**
 * The next changes of one part of a {@link ChangeFeed}.
 *
 * @param changes the changes in their order; if there are none, a reader waits before it polls
 *     again
 * @param unreadable rows that changed to something that cannot be decoded as the table's columns.
 *     Only the fact that they changed is known. They do not end the feed.
 * @param next the positions that replace the polled position once the changes are handled. If the
 *     part continues, this is one position farther on. If the part has ended, these are the
 *     positions of the parts that continue it: one or several, or none if all of them are followed
 *     already. The order of each key's changes holds only if these positions are not polled before
 *     the changes of this page are handled.
 * @param mayHaveMore whether the part may have had further changes at the time of the poll. If not,
 *     the page had all of them, as far as the store can tell
 */
public record FeedPage(
    List<Change> changes,
    List<UnreadableRow> unreadable,
    List<FeedPosition> next,
    boolean mayHaveMore) {

  /** Copies the lists. */
  public FeedPage {
    changes = List.copyOf(changes);
    unreadable = List.copyOf(unreadable);
    next = List.copyOf(next);
  }

  /** Creates a page that had all changes up to the time of the poll. */
  public FeedPage(List<Change> changes, List<UnreadableRow> unreadable, List<FeedPosition> next) {
    this(changes, unreadable, next, false);
  }
}
