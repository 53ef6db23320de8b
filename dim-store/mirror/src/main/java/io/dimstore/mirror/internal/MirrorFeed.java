// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The feed of the primary, or of the other side if only that has a feed and is written. A position
 * is continued on the side on which it was taken, and fails NO_TABLE once that side is no longer
 * written (F5a).
 */
final class MirrorFeed implements ChangeFeed {

  private final Map<Side, ChangeFeed> sides;
  private final ModeWatch watch;

  MirrorFeed(Map<Side, ChangeFeed> sides, ModeWatch watch) {
    this.sides = new EnumMap<>(sides);
    this.watch = watch;
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return watch
        .latest()
        .thenCompose(
            known -> {
              Side side = followed(known.mode());
              return of(side)
                  .follow(start)
                  .thenApply(
                      positions ->
                          positions.stream()
                              .map(each -> new SideToken(side, each.token()).position())
                              .toList());
            });
  }

  private Side followed(MirrorMode mode) {
    Side primary = mode.primary();
    return !sides.containsKey(primary) && mode.isMirrored() ? primary.other() : primary;
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    try {
      SideToken token = SideToken.of(position);
      ChangeFeed feed = of(token.side());
      return watch
          .latest()
          .thenCompose(
              known -> {
                requireUsed(token.side(), known.mode());
                return feed.poll(new FeedPosition(token.token()), maxChanges);
              })
          .thenApply(
              page ->
                  new FeedPage(
                      page.changes(),
                      page.unreadable(),
                      page.next().stream()
                          .map(each -> new SideToken(token.side(), each.token()).position())
                          .toList(),
                      page.mayHaveMore()));
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A side that is not written any more has no new changes: this must not look like silence. */
  private static void requireUsed(Side side, MirrorMode mode) {
    if (side != mode.primary() && !mode.isMirrored()) {
      throw new StoreException(
          Kind.NO_TABLE,
          "The position was taken on side "
              + side
              + " of the mirror, which is no longer written. Take new positions from LATEST, then"
              + " scan the table, then continue from the new positions");
    }
  }

  private ChangeFeed of(Side side) {
    ChangeFeed feed = sides.get(side);
    if (feed == null) {
      throw new StoreException(
          Kind.NO_TABLE,
          "Side " + side + " of the mirror, which is the primary, keeps no changes to follow");
    }
    return feed;
  }
}
