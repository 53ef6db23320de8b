// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;

class FeatureJobPlanTest {

  private static final Pattern PHYSICAL =
      Pattern.compile("== Optimized Physical Plan ==(.*?)== Optimized Execution", Pattern.DOTALL);

  @Test
  void bothResultsTogetherLookEachDimensionUpOncePerEventInOrderAndAsynchronously() {
    String plan = plan(FeatureJobOptions.builder("b:1", "memory"));
    assertThat(lookups(plan)).containsExactlyInAnyOrder("dim_user", "dim_item");
    assertThat(plan).containsPattern("LookupJoin.*async=\\[ORDERED, 0ms, 1000\\]");
    assertThat(plan).doesNotContain("UNORDERED", "Exchange", "SinkMaterializer");
  }

  @Test
  void oneJobAloneReadsAndWritesOnlyItsOwn() {
    String plan = plan(FeatureJobOptions.builder("b:1", "memory").feature(Feature.MARKETING));
    assertThat(plan).contains("marketing_features", "online_marketing", "dead_letter_topic");
    assertThat(plan).doesNotContain("risk_features", "online_risk");
  }

  @Test
  void onlyTheDeclarationsOfTheStockConnectorDiffer() {
    String plan =
        plan(
            FeatureJobOptions.builder("b:1", "unused")
                .feature(Feature.RISK)
                .sqlVariant("stock-hbase")
                .tableOptions("dim_user", hbase("dim_user"))
                .tableOptions("dim_item", hbase("dim_item"))
                .tableOptions("online_risk", hbase("online_risk"))
                .tableOptions("online_marketing", hbase("online_marketing")));
    assertThat(lookups(plan)).containsExactlyInAnyOrder("hbase_dim_user", "hbase_dim_item");
    assertThat(plan).containsPattern("LookupJoin.*async=\\[ORDERED, 0ms, 1000\\]");
  }

  @Test
  void aWrongTableOptionIsRefusedByName() {
    assertThatThrownBy(
            () ->
                plan(
                    FeatureJobOptions.builder("b:1", "memory")
                        .job(settings -> settings.storeOptions(Map.of("instanze", "x")))))
        .isInstanceOf(ValidationException.class)
        .hasStackTraceContaining("memory.instanze");
  }

  private static java.util.List<String> lookups(String plan) {
    return PHYSICAL
        .matcher(plan)
        .results()
        .flatMap(
            part ->
                Pattern.compile("LookupJoin\\(table=\\[[a-z_]*\\.[a-z_]*\\.([a-z_]*)]")
                    .matcher(part.group(1))
                    .results())
        .map(lookup -> lookup.group(1))
        .toList();
  }

  private static Map<String, String> hbase(String table) {
    return Map.of(
        "connector", "hbase-2.2",
        "table-name", table,
        "lookup.async", "true",
        "zookeeper.quorum", "localhost:2181");
  }

  private static String plan(FeatureJobOptions.Builder options) {
    return FeatureJob.build(StreamExecutionEnvironment.getExecutionEnvironment(), options.build())
        .explain();
  }
}
