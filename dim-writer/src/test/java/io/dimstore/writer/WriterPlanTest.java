// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.sql.Dimensions;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class WriterPlanTest {

  @Test
  void noOperatorOfThePlanKeepsRowsInState() {
    String plan = explain(options());
    assertThat(plan)
        .contains("dim_user", "dim_item", "dead_letter_topic")
        .doesNotContain("ChangelogNormalize")
        .doesNotContain("SinkMaterializer")
        .doesNotContain("upsertMaterialize=[true]");
  }

  @Test
  void recordsStayInTheSubtaskThatReadThem() {
    assertThat(explain(options().job(settings -> settings.parallelism(2))))
        .doesNotContain("Exchange");
  }

  @Test
  void oneDimensionIsAJobOfItsOwn() {
    String plan =
        explain(options().routes(List.of(WriterOptions.Route.of(Dimensions.builtIn("item")))));
    assertThat(plan).contains("dim_item").doesNotContain("dim_user");
  }

  @Test
  void anUnknownStoreIsNamedInOneLine() {
    assertThatThrownBy(() -> job(WriterOptions.builder("localhost:9092", "memroy")))
        .isInstanceOf(WriterException.class)
        .hasMessageContaining("memroy")
        .hasMessageContaining("memory")
        .hasMessageNotContainingAny("\n");
  }

  @Test
  void anUnknownStoreOptionIsNamedInOneLineWithoutTheOtherOptions() {
    assertThatThrownBy(
            () ->
                job(
                    options()
                        .job(
                            settings ->
                                settings.storeOptions(
                                    Map.of("instanze", "a", "deadline", "11 s")))))
        .isInstanceOf(WriterException.class)
        .hasMessageContaining("instanze")
        .hasMessageContaining("instance")
        .hasMessageNotContainingAny("11 s", "\n");
  }

  private static WriterOptions.Builder options() {
    return WriterOptions.builder("localhost:9092", "memory")
        .job(settings -> settings.bounded(true));
  }

  private static String explain(WriterOptions.Builder options) {
    return DimWriterJob.explain(
        StreamExecutionEnvironment.getExecutionEnvironment(), options.build());
  }

  private static DimWriterJob job(WriterOptions.Builder options) {
    return DimWriterJob.build(
        StreamExecutionEnvironment.getExecutionEnvironment(), options.build());
  }
}
