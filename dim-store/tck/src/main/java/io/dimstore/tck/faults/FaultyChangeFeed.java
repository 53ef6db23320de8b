// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A change feed whose calls meet the plan's faults. */
record FaultyChangeFeed(ChangeFeed feed, FaultPlan plan) implements ChangeFeed {

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return plan.run(Call.FOLLOW, () -> feed.follow(start));
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return plan.run(Call.FOLLOW, () -> feed.poll(position, maxChanges));
  }
}
