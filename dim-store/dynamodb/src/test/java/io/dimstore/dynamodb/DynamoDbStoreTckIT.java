package io.dimstore.dynamodb;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbStoreTckIT extends DimensionStoreTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "dynamodb";
      }

      @Override
      public Map<String, String> options() {
        return Local.options(stack);
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(ChangeFeed.class);
      }
    };
  }
}
