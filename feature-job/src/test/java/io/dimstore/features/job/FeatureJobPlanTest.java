// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
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

  @Test
  void onlyDeadLettersMayWaitLongerThanTheBufferTimeout() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    FeatureJob.build(
            env,
            FeatureJobOptions.builder("b:1", "memory").bufferTimeout(Duration.ofMillis(7)).build())
        .attach();
    StreamGraph graph = env.getStreamGraph(false);

    assertThat(timeouts(graph, "parse events")).isNotEmpty().containsOnly(7L);
    assertThat(timeouts(graph, "look back")).isNotEmpty().containsOnly(100L);
    // Within a chain nothing waits, so the timeout of the look-back is that of what leaves it.
    List<String> outsideOfTheChain = new ArrayList<>();
    for (JobVertex vertex : graph.getJobGraph().getVertices()) {
      if (vertex.getName().contains("look back")) {
        for (IntermediateDataSet output : vertex.getProducedDataSets()) {
          output.getConsumers().forEach(edge -> outsideOfTheChain.add(edge.getTarget().getName()));
        }
      }
    }
    assertThat(outsideOfTheChain)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(name).contains("dead_letter"));
  }

  private static List<Long> timeouts(StreamGraph graph, String operator) {
    return graph.getStreamNodes().stream()
        .filter(node -> node.getOperatorName().equals(operator))
        .flatMap(node -> node.getOutEdges().stream())
        .map(StreamEdge::getBufferTimeout)
        .toList();
  }

  private static List<String> lookups(String plan) {
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
