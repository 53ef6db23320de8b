// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one arm's process, passed as a file: the addresses of everything that it
 * uses.
 *
 * @param arm the arm's name
 * @param bootstrap the bootstrap servers of Kafka
 * @param topics the arm's topics
 * @param servers names of the servers to which requests are counted
 * @param loadStore the store into which the dimensions are loaded
 * @param loadStoreOptions options of that store, without prefix
 * @param tables table options, if the feature job does not use that store; otherwise empty
 * @param sqlVariant the folder of the SQL files that replace the common ones, or null
 * @param parallelism parallelism of the jobs
 * @param kafkaProperties properties of the Kafka clients of the feature job
 */
public record ArmPlan(
    String arm,
    String bootstrap,
    Topics topics,
    List<String> servers,
    String loadStore,
    Map<String, String> loadStoreOptions,
    Map<String, Map<String, String>> tables,
    @Nullable String sqlVariant,
    int parallelism,
    Map<String, String> kafkaProperties) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the same plan with other properties of the Kafka clients. */
  public ArmPlan withKafkaProperties(Map<String, String> properties) {
    return new ArmPlan(
        arm,
        bootstrap,
        topics,
        servers,
        loadStore,
        loadStoreOptions,
        tables,
        sqlVariant,
        parallelism,
        properties);
  }

  public void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  public static ArmPlan read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), ArmPlan.class);
  }
}
