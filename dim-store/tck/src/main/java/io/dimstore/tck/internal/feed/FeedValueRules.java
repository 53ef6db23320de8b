// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.Versions;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.NestedSamples;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** F4: a change is returned equal to what was written. */
public abstract class FeedValueRules {

  private static final Map<DataType, List<Object>> VALUES = new LinkedHashMap<>(Samples.atomic());

  static {
    VALUES.putAll(NestedSamples.nested());
  }

  private final Kit kit;

  public FeedValueRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void f4aEveryValueOfEveryTypeIsReturnedEqual() {
    List<DataType> types = VALUES.keySet().stream().filter(kit.harness()::holdsValuesOf).toList();
    List<Column> columns = new ArrayList<>(Samples.columns("c", types));
    columns.add(0, new Column("k", DataType.STRING));
    TableSpec spec = kit.table("feed_wide", columns, "k");
    DimensionTable table = kit.store().table(spec);
    Feeds.with(
        kit,
        table,
        feeds -> {
          List<Change> puts = new ArrayList<>();
          puts.add(new Put(Key.of("nulls"), Row.of(new @Nullable Object[types.size()]), 0));
          for (int column = 0; column < types.size(); column++) {
            for (Object value : VALUES.getOrDefault(types.get(column), List.of())) {
              @Nullable Object[] row = new @Nullable Object[types.size()];
              row[column] = value;
              puts.add(new Put(Key.of("k" + puts.size()), Row.of(row), puts.size()));
            }
          }
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          kit.answers().await(table.write(puts));
          assertThat(feeds.read(latest, puts.size(), 1_000).changes())
              .containsExactlyInAnyOrderElementsOf(puts);
        });
  }

  @Test
  void f4bVersionsExpiriesAndDeletesAreReturnedEqual() {
    Rows rows = kit.rows("feed_ends");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          long now = kit.clock().millis();
          List<Change> changes =
              List.of(
                  Rows.put(rows.key("lowest"), "x", 0),
                  Rows.put(rows.key("highest"), "x", Versions.MAX),
                  Rows.putUntil(rows.key("later"), "x", 5, now + 3_600_001),
                  Rows.putUntil(rows.key("over"), "x", 5, now - 1),
                  new Delete(rows.key("never there"), 7));
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          rows.write(changes);
          assertThat(feeds.read(latest, changes.size(), 10).changes())
              .containsExactlyInAnyOrderElementsOf(changes);
        });
  }
}
