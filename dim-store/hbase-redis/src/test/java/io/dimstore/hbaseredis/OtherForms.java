package io.dimstore.hbaseredis;

import io.dimstore.spi.Column;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.StoreHarness;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The store with these options for every table. */
record OtherForms(HBaseRedisHarness servers, Map<String, String> tableOptions)
    implements StoreHarness {

  @Override
  public String store() {
    return servers.store();
  }

  @Override
  public Map<String, String> options() {
    return servers.options();
  }

  @Override
  public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
    return new TableSpec(name, columns, keyColumns, tableOptions);
  }

  @Override
  public TableSpec misfitOf(TableSpec created) {
    Map<String, String> options = new HashMap<>(created.options());
    options.put("family", "elsewhere");
    return new TableSpec(created.name(), created.columns(), created.keyColumns(), options);
  }

  @Override
  public Set<Class<?>> capabilities() {
    return servers.capabilities();
  }

  /** The default form has shown it; what a table looks like makes no difference to it. */
  @Override
  public int openCloseCycles() {
    return 5;
  }
}
