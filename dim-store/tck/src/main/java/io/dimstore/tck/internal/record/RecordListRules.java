// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Records;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S2: listings of shared records. */
public abstract class RecordListRules {

  private final Kit kit;

  public RecordListRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void s2aListFindsTheRecordsOfAPrefixInTheirOrder() {
    Records.with(
        kit,
        kit.store(),
        records -> {
          String prefix = kit.recordName("listed/");
          List<SharedRecord> expected = new ArrayList<>();
          for (String suffix : List.of("", "0", "00", "1", "A", "B/1", "a", "z")) {
            expected.add(new SharedRecord(prefix + suffix, 1, "of" + suffix));
          }
          List<SharedRecord> shuffled = new ArrayList<>(expected);
          java.util.Collections.reverse(shuffled);
          shuffled.forEach(each -> records.replace(each.name(), 0, each.content()));
          records.replace(kit.recordName("listed."), 0, "before the prefix");
          records.replace(kit.recordName("listed0"), 0, "after the prefix");
          assertThat(records.list(prefix, 100)).isEqualTo(expected);
          assertThat(records.list(prefix, 3)).as("three a page").isEqualTo(expected);
          assertThat(records.list(prefix, 8)).as("exactly one page").isEqualTo(expected);
          assertThat(records.list(prefix + "nothing", 3)).isEmpty();
        });
  }

  @Test
  void s2bPageIsAsLargeAsRequestedAtMost() {
    Records.with(
        kit,
        kit.store(),
        records -> {
          String prefix = kit.recordName("paged/");
          for (int i = 0; i < 5; i++) {
            records.replace(prefix + i, 0, "");
          }
          for (int most = 1; most < 6; most++) {
            SharedRecordPage page = kit.answers().await(records.records().list(prefix, "", most));
            assertThat(page.records()).hasSizeLessThanOrEqualTo(most);
          }
        });
  }
}
