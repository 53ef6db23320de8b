// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import io.dimstore.stack.server.Server;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An arm of a comparison: a path on which the feature job can run, as its file declares it. {@link
 * Arms} finds the files. Values of options may contain placeholders, see {@link Addresses}.
 *
 * @param id the file's name without {@code .properties}
 * @param order the position of the arm in lists: arms are sorted by this number, then by id. The
 *     SQL of the first arm is the reference for the others
 * @param description one line for the report
 * @param store the store into which the dimensions are loaded
 * @param servers the servers that the arm needs in addition to Kafka
 * @param storeOptions the options of the store, without prefix
 * @param tables table options, if the feature job does not use the store for its tables
 * @param sqlVariant the folder of the SQL files that replace the common ones, or null
 * @param hbaseTables HBase tables that must exist before the job starts. An arm that names some has
 *     no request counters of its own, so its requests are read from the region servers
 */
public record Arm(
    String id,
    int order,
    String description,
    String store,
    List<Server> servers,
    Map<String, String> storeOptions,
    Map<String, Map<String, String>> tables,
    @Nullable String sqlVariant,
    List<String> hbaseTables) {

  public Arm {
    servers = List.copyOf(servers);
    hbaseTables = List.copyOf(hbaseTables);
  }

  /** Returns whether the connector counts the requests of this arm. */
  public boolean countsItsRequests() {
    return hbaseTables.isEmpty();
  }

  /** Returns whether the job writes its online feature tables to the store. */
  public boolean usesItsStore() {
    return tables.isEmpty();
  }
}
