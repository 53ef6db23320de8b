// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.bench.compare.arm.Addresses;
import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.features.job.FeatureJob;
import io.dimstore.features.job.FeatureJobOptions;
import io.dimstore.stack.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Provides the SQL that each arm runs, and the differences between the arms. */
public final class ArmSql {

  /** How late an event may be, by its time. The oracle and the feature job drop later ones. */
  public static final Duration LATENESS = Duration.ofDays(1);

  private final LocalStack stack;
  private final Path work;

  public ArmSql(LocalStack stack, Path work) {
    this.stack = stack;
    this.work = work;
  }

  /**
   * Returns the differences of each other arm's SQL from that of the first arm. Topic names are
   * left out, because each arm has its own topics.
   */
  public List<Results.SqlDifference> differences(List<Arm> arms) {
    List<Results.SqlDifference> differences = new ArrayList<>();
    Arm first = arms.get(0);
    String text = text(first);
    for (Arm arm : arms.subList(1, arms.size())) {
      differences.add(
          new Results.SqlDifference(arm.id(), first.id(), LineDiff.of(text, text(arm))));
    }
    return differences;
  }

  private String text(Arm arm) {
    return FeatureJob.sql(
        options(
                Addresses.of(stack, work)
                    .plan(arm, stack.kafka().bootstrapServers(), Topics.of("arm"), 1))
            .build());
  }

  /** Returns the options of an arm's feature job. No other code creates them. */
  public static FeatureJobOptions.Builder options(ArmPlan plan) {
    FeatureJobOptions.Builder options =
        FeatureJobOptions.builder(plan.bootstrap(), plan.loadStore())
            .eventsTopic(plan.topics().events())
            .riskTopic(plan.topics().risk())
            .marketingTopic(plan.topics().marketing())
            .deadLetterTopic(plan.topics().deadLetters())
            .job(
                settings ->
                    settings
                        .groupId("compare")
                        .kafkaProperties(plan.kafkaProperties())
                        .storeOptions(plan.loadStoreOptions())
                        .parallelism(plan.parallelism()))
            .sqlVariant(plan.sqlVariant())
            .lateness(LATENESS);
    plan.tables().forEach(options::tableOptions);
    return options;
  }
}
