package io.dimstore.bench;

import io.dimstore.features.FeatureJob;
import io.dimstore.features.FeatureJobOptions;
import io.dimstore.stack.LocalStack;
import java.util.ArrayList;
import java.util.List;

/** The SQL that each arm runs, and how it differs. */
final class ArmSql {

  private final LocalStack stack;

  ArmSql(LocalStack stack) {
    this.stack = stack;
  }

  /** Each arm but the first against the first. Topics are left out: each arm has its own. */
  List<Results.SqlDifference> differences(List<Arm> arms) {
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
                new ArmPlan(
                    arm.id(),
                    stack.kafka().bootstrapServers(),
                    Topics.of("arm"),
                    arm.store(),
                    arm.storeOptions(stack),
                    arm.tables(stack),
                    arm == Arm.STOCK_HBASE ? "stock-hbase" : null,
                    1))
            .build());
  }

  /** The feature job of an arm: the one place where its options are made. */
  static FeatureJobOptions.Builder options(ArmPlan plan) {
    FeatureJobOptions.Builder options =
        FeatureJobOptions.builder(plan.bootstrap(), plan.loadStore())
            .eventsTopic(plan.topics().events())
            .riskTopic(plan.topics().risk())
            .marketingTopic(plan.topics().marketing())
            .deadLetterTopic(plan.topics().deadLetters())
            .groupId("compare")
            .storeOptions(plan.loadStoreOptions())
            .sqlVariant(plan.sqlVariant())
            .parallelism(plan.parallelism())
            .lateness(Compare.LATENESS);
    plan.tables().forEach(options::tableOptions);
    return options;
  }
}
