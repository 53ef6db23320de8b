package io.dimstore.tck;

import io.dimstore.memory.MemoryStores;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class MemoryStoreTckTest extends DimensionStoreTck {

  private static final String INSTANCE = "tck";

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "memory";
      }

      @Override
      public Map<String, String> options() {
        return Map.of("instance", INSTANCE);
      }
    };
  }

  @AfterAll
  static void forget() {
    MemoryStores.clear(INSTANCE);
  }
}
