// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** R5: of many changes to a key in one batch the newest wins, of equal versions the last. */
public abstract class BatchRules {

  private final Rows rows;

  public BatchRules(Kit kit) {
    this.rows = kit.rows();
  }

  @Test
  void r5aTheNewestWinsWhereverItIsInTheBatch() {
    for (int place = 0; place < 3; place++) {
      Key key = rows.key("place" + place);
      List<Change> batch = new ArrayList<>();
      batch.add(Rows.put(key, "older", 1));
      batch.add(Rows.put(key, "old", 2));
      batch.add(place, Rows.put(key, "newest", 3));
      rows.write(batch);
      rows.assertHas(Rows.put(key, "newest", 3));
    }
  }

  @Test
  void r5bOfEqualVersionsTheLastWins() {
    Key key = rows.key("equal");
    rows.write(Rows.put(key, "a", 5), Rows.put(key, "b", 5), Rows.put(key, "c", 5));
    rows.assertHas(Rows.put(key, "c", 5));
  }

  @Test
  void r5bAPutAndADeleteOfEqualVersionFollowTheirOrder() {
    Key put = rows.key("put-last");
    Key deleted = rows.key("delete-last");
    rows.write(
        new Delete(put, 5),
        Rows.put(deleted, "x", 5),
        Rows.put(put, "y", 5),
        new Delete(deleted, 5));
    rows.assertHas(Rows.put(put, "y", 5));
    rows.assertAbsent(deleted);
  }

  @Test
  void r5aANewerDeleteWinsBeforeAnOlderPut() {
    Key key = rows.key("delete-first");
    rows.write(new Delete(key, 9), Rows.put(key, "older", 8));
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "still older", 8));
    rows.assertAbsent(key);
  }

  @Test
  void r5aAThousandChangesToTenKeysLeaveTheNewestOfEach() {
    Random random = new Random(5);
    List<Change> batch = new ArrayList<>();
    Map<Key, Change> newest = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      Key key = rows.key("many" + random.nextInt(10));
      long version = random.nextInt(60) * 1_000L + i;
      Change change =
          random.nextInt(3) == 0 ? new Delete(key, version) : Rows.put(key, "v" + i, version);
      batch.add(change);
      newest.merge(key, change, (held, next) -> next.version() >= held.version() ? next : held);
    }
    rows.write(batch);
    newest.forEach((key, change) -> rows.assertNewest(change));
  }
}
