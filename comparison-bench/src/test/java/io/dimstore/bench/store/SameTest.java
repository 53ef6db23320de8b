package io.dimstore.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Put;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreMetrics.Request;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameTest {

  private final Workload workload = new Workload(1, 100);

  @Test
  void equalRowsAreCounted() {
    List<Put> rows = List.of(workload.put(0, 1), workload.put(1, 1));

    assertThat(Same.check("read", rows, List.of(workload.put(0, 1), workload.put(1, 1))))
        .isEqualTo(2);
  }

  @Test
  void rowsThatDifferInAVersionAValueOrAtAllAreRefused() {
    Put row = workload.put(0, 1);

    assertThatThrownBy(() -> Same.check("read", List.of(row), List.of(workload.put(0, 2))))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("read");
    assertThatThrownBy(() -> Same.check("read", List.of(row), List.of()))
        .isInstanceOf(BenchException.class);
    assertThatThrownBy(
            () -> Same.check("read", Arrays.asList((Object) null), Arrays.asList((Object) null)))
        .isInstanceOf(BenchException.class);
  }

  @Test
  void aStoreThatAskedAnotherServerIsRefused() {
    RequestCounts counts = new RequestCounts();
    counts.request(new Request("redis", Operation.GET, 1, 1, 1, 0, 0, 0, null));
    counts.count("redis.hit", 100);
    counts.require("readHit", "redis.hit", 100);

    assertThatThrownBy(() -> counts.require("readHit", "redis.hit", 101))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("redis.hit");
  }

  @Test
  void aSeedMakesTheSameRowsAndNoKeyComesTwiceInAPass() {
    assertThat(new Workload(1, 100).put(5, 3)).isEqualTo(workload.put(5, 3));
    assertThat(new Workload(2, 100).put(5, 3)).isNotEqualTo(workload.put(5, 3));
    assertThat(workload.keys(100, 30, 1).stream().flatMap(List::stream).toList())
        .hasSize(100)
        .doesNotHaveDuplicates();
    assertThat(workload.keys(100, 30, 1)).isNotEqualTo(workload.keys(100, 30, 2));
  }
}
