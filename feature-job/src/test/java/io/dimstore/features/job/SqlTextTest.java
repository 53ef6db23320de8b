// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.kafka.LostRecords;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlTextTest {

  @Test
  void secretsAreMaskedEverywhere() {
    FeatureJobOptions options =
        FeatureJobOptions.builder("localhost:9092", "dynamodb")
            .job(
                settings ->
                    settings
                        .kafkaProperties(Map.of("sasl.jaas.config", "Login password='hush1';"))
                        .storeOptions(
                            Map.of(
                                "secret-key",
                                "hush2",
                                "access-key-id",
                                "hush3",
                                "region",
                                "eu-west-1")))
            .build();
    assertThat(FeatureJob.sql(options))
        .doesNotContain("hush")
        .contains(
            "'dynamodb.secret-key' = '******'",
            "'properties.sasl.jaas.config' = '******'",
            "'dynamodb.region' = 'eu-west-1'");
    assertThat(options.toString()).doesNotContain("hush");
  }

  @Test
  void twoStoresDifferInTableOptionsAlone() {
    String one = FeatureJob.sql(FeatureJobOptions.builder("b:1", "memory").build());
    String other =
        FeatureJob.sql(
            FeatureJobOptions.builder("b:1", "dynamodb")
                .job(settings -> settings.storeOptions(Map.of("dynamodb.region", "r")))
                .build());
    assertThat(other)
        .isNotEqualTo(one)
        .isEqualTo(
            one.replace(
                    "'connector' = 'dim',\n", "'connector' = 'dim',\n  'dynamodb.region' = 'r',\n")
                .replace("'store' = 'memory'", "'store' = 'dynamodb'"));
  }

  @Test
  void lostRecordsFailTheJobUnlessTheyMayBeSkipped() {
    FeatureJobOptions.Builder builder = FeatureJobOptions.builder("b:1", "memory");
    assertThat(FeatureJob.sql(builder.build()))
        .contains("'connector' = 'kafka-lossless'", "'scan.lost-records' = 'fail'");
    assertThat(
            FeatureJob.sql(builder.job(settings -> settings.lostRecords(LostRecords.SKIP)).build()))
        .contains("'scan.lost-records' = 'skip'");
  }

  @Test
  void wrongOptionsAreRefusedWithTheRemedy() {
    FeatureJobOptions.Builder builder = FeatureJobOptions.builder("b:1", "memory");
    assertThatThrownBy(() -> FeatureJob.sql(builder.sqlVariant("nope").build()))
        .hasMessageContaining("no SQL variant 'nope'");
    assertThatThrownBy(
            () ->
                FeatureJob.sql(
                    FeatureJobOptions.builder("b:1", "memory")
                        .tableOptions("dim_usr", Map.of("connector", "dim"))
                        .build()))
        .hasMessageContaining("no table 'dim_usr'")
        .hasMessageContaining("dim_user");
    assertThatThrownBy(
            () ->
                FeatureJobOptions.builder("b:1", "memory")
                    .stateTtl(java.time.Duration.ofDays(31))
                    .build())
        .hasMessageContaining("--state-ttl '31d': must be longer than 31d, the longest window");
  }
}
