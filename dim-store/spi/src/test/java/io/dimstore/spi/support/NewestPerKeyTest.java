// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewestPerKeyTest {

  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");

  @Test
  void listsOfAtMostOneChangeAreReturnedAsTheyAre() {
    List<Change> none = List.of();
    List<Change> one = List.of(new Delete(A, 1));
    assertThat(NewestPerKey.of(none)).isSameAs(none);
    assertThat(NewestPerKey.of(one)).isSameAs(one);
  }

  @Test
  void newestChangeIsKeptAndKeysKeepTheirOrder() {
    Change newestA = put(A, "new", 3);
    Change newestB = new Delete(B, 2);
    assertThat(NewestPerKey.of(List.of(put(A, "old", 1), newestB, newestA, put(B, "old", 1))))
        .containsExactly(newestA, newestB);
  }

  @Test
  void ofEqualVersionsTheLastWins() {
    assertThat(NewestPerKey.of(List.of(put(A, "1", 5), new Delete(A, 5), put(A, "3", 5))))
        .containsExactly(put(A, "3", 5));
  }

  @Test
  void resultEqualsApplyingTheChangesOneByOne() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      List<Change> changes = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        Key key = Key.of("k" + random.nextInt(3));
        long version = random.nextInt(4);
        changes.add(random.nextBoolean() ? new Delete(key, version) : put(key, "v" + i, version));
      }
      List<Change> expected = new ArrayList<>();
      for (Change change : changes) {
        int at = indexOf(expected, change.key());
        if (at < 0) {
          expected.add(change);
        } else if (change.version() >= expected.get(at).version()) {
          expected.set(at, change);
        }
      }
      assertThat(NewestPerKey.of(changes)).isEqualTo(expected);
    }
  }

  private static int indexOf(List<Change> changes, Key key) {
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i).key().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  private static Put put(Key key, String value, long version) {
    return new Put(key, Row.of(value), version);
  }
}
