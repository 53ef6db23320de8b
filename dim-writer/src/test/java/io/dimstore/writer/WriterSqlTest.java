// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.kafka.LostRecords;
import io.dimstore.jobs.kafka.StartFrom;
import io.dimstore.jobs.sql.Dimension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriterSqlTest {

  @Test
  void everyDimensionHasASourceAndATableAndAnInsert() {
    WriterSql sql = WriterSql.of(options().build());
    assertThat(sql.sources())
        .hasSize(2)
        .anyMatch(s -> s.startsWith("CREATE TEMPORARY TABLE user_records"))
        .anyMatch(s -> s.startsWith("CREATE TEMPORARY TABLE item_records"));
    assertThat(sql.sinks())
        .hasSize(6)
        .anyMatch(s -> s.startsWith("INSERT INTO dim_user_versioned"))
        .anyMatch(s -> s.startsWith("INSERT INTO dim_item_versioned"));
    assertThat(sql.deadLetters()).hasSize(2);
    assertThat(sql.text()).doesNotContain("${").doesNotContain("--");
  }

  @Test
  void lostRecordsFailTheJobUnlessTheyMayBeSkipped() {
    assertThat(WriterSql.of(options().build()).text())
        .contains("'connector' = 'kafka-lossless'", "'scan.lost-records' = 'fail'");
    assertThat(WriterSql.of(options().lostRecords(LostRecords.SKIP).build()).text())
        .contains("'scan.lost-records' = 'skip'");
  }

  @Test
  void storeOptionsHaveTheStoresNameInFront() {
    WriterOptions options =
        options().storeOptions(Map.of("endpoint", "http://h:1", "dynamodb.region", "eu")).build();
    assertThat(WriterSql.of(options).text())
        .contains("'dynamodb.endpoint' = 'http://h:1'")
        .contains("'dynamodb.region' = 'eu'")
        .contains("'table' = 'dim_user'");
  }

  @Test
  void topicTableAndTableOptionsArePerDimension() {
    WriterOptions options =
        options()
            .routes(
                List.of(
                    new WriterOptions.Route(
                        Dimension.USER, "crm", "people", Map.of("sink.batch-size", "7"))))
            .build();
    assertThat(WriterSql.of(options).text())
        .contains("'topic' = 'crm'")
        .contains("'table' = 'people'")
        .contains("'sink.batch-size' = '7'")
        .doesNotContain("item");
  }

  @Test
  void aValueCannotEndItsQuotes() {
    WriterOptions options =
        options().deadLetterTopic("a', 'b' = 'c").storeOptions(Map.of("x", "$1'; DROP")).build();
    assertThat(WriterSql.of(options).text())
        .contains("'topic' = 'a'', ''b'' = ''c'")
        .contains("'dynamodb.x' = '$1''; DROP'");
  }

  @Test
  void aValueThatLooksLikeAVariableIsNotReplaced() {
    assertThat(WriterSql.of(options().deadLetterTopic("${topic}").build()).text())
        .contains("'topic' = '${topic}'");
  }

  @Test
  void boundedRunsEndAtTheLatestOffset() {
    assertThat(WriterSql.of(options().bounded(true).build()).text())
        .contains("'scan.bounded.mode' = 'latest-offset'");
    assertThat(WriterSql.of(options().startFrom(StartFrom.GROUP_OFFSETS).build()).text())
        .doesNotContain("scan.bounded.mode")
        .contains("'scan.startup.mode' = 'group-offsets'");
  }

  @Test
  void secretsAreShownAsStars() {
    WriterOptions options =
        options()
            .storeOptions(Map.of("secret-access-key", "hush"))
            .kafkaProperties(
                Map.of("sasl.jaas.config", "hush", "ssl.keystore.password", "hush", "acks", "all"))
            .build();
    assertThat(DimWriterJob.sql(options))
        .doesNotContain("hush")
        .contains("'dynamodb.secret-access-key' = '******'")
        .contains("'properties.sasl.jaas.config' = '******'")
        .contains("'properties.acks' = 'all'");
    assertThat(WriterSql.of(options).text()).contains("'dynamodb.secret-access-key' = 'hush'");
    assertThat(options.toString()).doesNotContain("hush");
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    WriterOptions.Route user = WriterOptions.Route.of(Dimension.USER);
    assertThatThrownBy(() -> options().routes(List.of(user, user)).build())
        .hasMessage("dimension 'user' is named twice");
    assertThatThrownBy(() -> options().routes(List.of()).build())
        .hasMessage("no dimension to write: name at least one");
    assertThatThrownBy(() -> options().deadLetterTopic("dim-user-changes").build())
        .hasMessage("topic 'dim-user-changes' cannot hold changes and dead letters");
    assertThatThrownBy(() -> WriterOptions.builder(" ", "dynamodb").build())
        .hasMessage("--bootstrap is blank: name the Kafka brokers, host:port");
    assertThatThrownBy(() -> Dimension.named("users"))
        .hasMessage("there is no dimension 'users'; there are: user, item");
  }

  private static WriterOptions.Builder options() {
    return WriterOptions.builder("localhost:9092", "dynamodb");
  }
}
