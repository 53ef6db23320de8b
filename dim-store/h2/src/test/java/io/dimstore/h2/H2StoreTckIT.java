// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTckIT extends DimensionStoreTck {

  @TempDir static Path folder;

  @Override
  protected StoreHarness harness() {
    return new H2Harness("jdbc:h2:" + folder.resolve("tck"));
  }
}
