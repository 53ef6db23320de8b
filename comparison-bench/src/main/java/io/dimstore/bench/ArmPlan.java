package io.dimstore.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process of one arm is told, as a file: the address of everything it uses.
 *
 * @param arm the arm's name
 * @param bootstrap Kafka
 * @param topics the arm's topics
 * @param loadStore the store into which the dimensions are loaded
 * @param loadStoreOptions its options, without prefix
 * @param tables table options where the arm does not read and write through that store; else empty
 * @param sqlVariant the folder of SQL files that replace common ones, or null
 * @param parallelism of the feature job
 */
record ArmPlan(
    String arm,
    String bootstrap,
    Topics topics,
    String loadStore,
    Map<String, String> loadStoreOptions,
    Map<String, Map<String, String>> tables,
    @Nullable String sqlVariant,
    int parallelism) {

  private static final ObjectMapper JSON = new ObjectMapper();

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  static ArmPlan read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), ArmPlan.class);
  }
}
