// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.record;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.internal.fixture.Answers;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Records;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** S3: impossible calls for shared records fail. */
public abstract class RecordFailureRules {

  private final Kit kit;

  public RecordFailureRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void s3aArgumentsOutsideTheLimitsAreInvalid() {
    Records.with(
        kit,
        kit.store(),
        all -> {
          SharedRecords records = all.records();
          Answers answers = kit.answers();
          for (String name : List.of("", "a b", "\u00e9", "x".repeat(SharedRecords.MAX_NAME + 1))) {
            answers.assertFails(Kind.INVALID, () -> records.read(name));
            answers.assertFails(Kind.INVALID, () -> records.replace(name, 0, "x"));
          }
          String name = kit.recordName("invalid");
          answers.assertFails(Kind.INVALID, () -> records.replace(name, -1, "x"));
          answers.assertFails(Kind.INVALID, () -> records.replace(name, Long.MAX_VALUE, "x"));
          answers.assertFails(Kind.INVALID, () -> records.replace(name, 0, "half \ud83d"));
          String tooLong = "\u20ac".repeat(SharedRecords.MAX_CONTENT_BYTES / 3 + 1);
          answers.assertFails(Kind.INVALID, () -> records.replace(name, 0, tooLong));
          answers.assertFails(Kind.INVALID, () -> records.list("a b", "", 1));
          answers.assertFails(Kind.INVALID, () -> records.list("", "a b", 1));
          answers.assertFails(Kind.INVALID, () -> records.list("", "", 0));
        });
  }

  @Test
  void s3bClosedStoreHasNoRecords() {
    DimensionStore another = kit.open(Map.of());
    Records.with(
        kit,
        another,
        all -> {
          another.close();
          SharedRecords records = all.records();
          String name = kit.recordName("closed");
          kit.answers().assertFails(Kind.CLOSED, () -> records.read(name));
          kit.answers().assertFails(Kind.CLOSED, () -> records.replace(name, 0, "x"));
          kit.answers().assertFails(Kind.CLOSED, () -> records.list(name, "", 1));
        });
  }
}
