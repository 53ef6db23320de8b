// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.kafka.LostRecords;
import io.dimstore.jobs.kafka.StartFrom;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterSqlTest {

  @TempDir Path folder;

  @Test
  void everyDimensionHasASourceAndATableAndAnInsert() {
    WriterSql sql = WriterSql.of(options().build());
    assertThat(sql.sources())
        .hasSize(2)
        .anyMatch(s -> s.startsWith("CREATE TEMPORARY TABLE user_records"))
        .anyMatch(s -> s.startsWith("CREATE TEMPORARY TABLE item_records"));
    assertThat(sql.sinks())
        .hasSize(4)
        .anyMatch(s -> s.startsWith("INSERT INTO `dim_user_versioned`"))
        .anyMatch(s -> s.startsWith("INSERT INTO `dim_item_versioned`"));
    assertThat(sql.deadLetters()).hasSize(2);
    assertThat(sql.text()).doesNotContain("${").doesNotContain("--");
  }

  @Test
  void lostRecordsFailTheJobUnlessTheyMayBeSkipped() {
    assertThat(WriterSql.of(options().build()).text())
        .contains("'connector' = 'kafka-lossless'", "'scan.lost-records' = 'fail'");
    assertThat(
            WriterSql.of(options().job(settings -> settings.lostRecords(LostRecords.SKIP)).build())
                .text())
        .contains("'scan.lost-records' = 'skip'");
  }

  @Test
  void storeOptionsHaveTheStoresNameInFront() {
    WriterOptions options =
        options()
            .job(
                settings ->
                    settings.storeOptions(
                        Map.of("endpoint", "http://h:1", "dynamodb.region", "eu")))
            .build();
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
                        Dimensions.builtIn("user"),
                        "crm",
                        "people",
                        Map.of("sink.batch-size", "7"))))
            .build();
    assertThat(WriterSql.of(options).text())
        .contains("'topic' = 'crm'")
        .contains("'table' = 'people'")
        .contains("'sink.batch-size' = '7'")
        .doesNotContain("item");
  }

  @Test
  void tableHasTheColumnsOfItsFileAndTheVersionAndNullsForDeletes() throws Exception {
    String sql =
        """
        CREATE TABLE `order` (
          c CHAR(2) NOT NULL, v VARCHAR(5), s STRING, `a ``b` BINARY(2), y VARBINARY(4), z BYTES,
          b BOOLEAN, t TINYINT, sm SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, n DECIMAL(20, 4),
          da DATE, ti TIME(3), ts TIMESTAMP(9), tl TIMESTAMP_LTZ(3),
          ar ARRAY<ROW<city STRING NOT NULL, `zip code` INT>>, m MAP<STRING, ARRAY<DATE>>,
          u MULTISET<STRING>, twice AS i * 2, e TIMESTAMP_LTZ(3) METADATA FROM 'expires-at',
          PRIMARY KEY (s, l) NOT ENFORCED
        ) WITH (${order.options})""";
    Dimension order = Dimensions.in(Files.writeString(folder.resolve("o.sql"), sql)).get(0);
    WriterOptions options = options().routes(List.of(WriterOptions.Route.of(order))).build();
    assertThat(WriterSql.of(options).sinks().get(0))
        .contains("`order_versioned`", "`s` STRING", "`z` BYTES", "version BIGINT METADATA")
        .contains("PRIMARY KEY (`s`, `l`) NOT ENFORCED")
        .doesNotContain("twice", "expires");
    TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    tables.executeSql(WriterSql.of(options).sinks().get(0));
    List<String> planned =
        tables.from("order_versioned").getResolvedSchema().getColumns().stream()
            .map(column -> column.getName() + " " + column.getDataType())
            .toList();
    List<String> declared = new ArrayList<>();
    order
        .columns()
        .getFields()
        .forEach(
            column -> {
              boolean key = order.keyColumns().contains(column.getName());
              declared.add(column.getName() + " " + column.getType().copy(!key));
            });
    declared.add("version BIGINT");
    assertThat(planned).isEqualTo(declared);
  }

  @Test
  void optionsOfTheVersionAreRefusedBecauseChangesHaveIt() {
    for (String option : List.of("version", "version.column", "version.delete-column")) {
      Map<String, String> given = Map.of(option, "x");
      WriterOptions.Route user =
          new WriterOptions.Route(Dimensions.builtIn("user"), "a", "b", given);
      assertThatThrownBy(() -> options().routes(List.of(user)).build())
          .hasMessage(
              "option '"
                  + option
                  + "' of dimension 'user': leave it out, because every change in the topic has a"
                  + " version");
    }
  }

  @Test
  void orderOfTheChangelogIsRefusedBecauseTheNewestVersionWins() {
    assertThatThrownBy(() -> options().routes(List.of(ordered("changelog"))).build())
        .hasMessage(
            "option 'sink.order' of dimension 'user': leave it out, because the newest version of"
                + " a change topic wins");
    // The file of a job that writes such a table itself.
    WriterOptions same = options().routes(List.of(ordered("VERSION"))).build();
    assertThat(WriterSql.of(same).text()).contains("'sink.order' = 'version'");
  }

  private static WriterOptions.Route ordered(String order) {
    return new WriterOptions.Route(
        Dimensions.builtIn("user"), "a", "b", Map.of("sink.order", order));
  }

  @Test
  void aValueCannotEndItsQuotes() {
    WriterOptions options =
        options()
            .deadLetterTopic("a', 'b' = 'c")
            .job(settings -> settings.storeOptions(Map.of("x", "$1'; DROP")))
            .build();
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
    assertThat(WriterSql.of(options().job(settings -> settings.bounded(true)).build()).text())
        .contains("'scan.bounded.mode' = 'latest-offset'");
    assertThat(
            WriterSql.of(
                    options().job(settings -> settings.startFrom(StartFrom.GROUP_OFFSETS)).build())
                .text())
        .doesNotContain("scan.bounded.mode")
        .contains("'scan.startup.mode' = 'group-offsets'");
  }

  @Test
  void secretsAreShownAsStars() {
    WriterOptions options =
        options()
            .job(
                settings ->
                    settings
                        .storeOptions(Map.of("secret-access-key", "hush"))
                        .kafkaProperties(
                            Map.of(
                                "sasl.jaas.config",
                                "hush",
                                "ssl.keystore.password",
                                "hush",
                                "acks",
                                "all")))
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
    WriterOptions.Route user = WriterOptions.Route.of(Dimensions.builtIn("user"));
    assertThatThrownBy(() -> options().routes(List.of(user, user)).build())
        .hasMessage("dimension 'user' is named twice");
    assertThatThrownBy(() -> options().routes(List.of()).build())
        .hasMessage("no dimension to write: name at least one");
    assertThatThrownBy(() -> options().deadLetterTopic("dim-user-changes").build())
        .hasMessage("topic 'dim-user-changes' cannot hold changes and dead letters");
    assertThatThrownBy(() -> WriterOptions.builder(" ", "dynamodb").build())
        .hasMessage("--bootstrap is blank: name the Kafka brokers, host:port");
    assertThatThrownBy(() -> Dimensions.builtIn("users"))
        .hasMessage("there is no dimension 'users'; there are: user, item");
  }

  private static WriterOptions.Builder options() {
    return WriterOptions.builder("localhost:9092", "dynamodb");
  }
}
