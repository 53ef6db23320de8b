// SPDX-License-Identifier: Apache-2.0
package com.example;

import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import java.util.Map;

/** The whole conformance kit, on this project's own store. */
class CountingStoreTckTest extends DimensionStoreTck {

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "counting";
      }

      @Override
      public Map<String, String> options() {
        return Map.of("instance", "tck");
      }
    };
  }
}
