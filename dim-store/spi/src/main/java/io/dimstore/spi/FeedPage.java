package io.dimstore.spi;

import java.util.List;

/**
 * What comes next in one part of a {@link ChangeFeed}.
 *
 * @param changes in their order; with none, a reader waits before it polls again
 * @param unreadable rows that changed to something which cannot be decoded as the table's columns;
 *     of these it is known only that they changed. They end no feed
 * @param next what takes the place of the polled position once the changes are dealt with: the same
 *     part farther on; or, where the part ended, those that go on after it, one or several, or none
 *     once all of them are followed. Polled only now they keep each key's order
 */
public record FeedPage(
    List<Change> changes, List<UnreadableRow> unreadable, List<FeedPosition> next) {

  /** Copies the lists. */
  public FeedPage {
    changes = List.copyOf(changes);
    unreadable = List.copyOf(unreadable);
    next = List.copyOf(next);
  }
}
