// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests the settings of new tables: the content of the request, and the table that the server
 * creates.
 */
class CreationIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private final List<String> created = new CopyOnWriteArrayList<>();
  private final List<String> described = new CopyOnWriteArrayList<>();
  private FaultFixture fixture;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  private void use(String... options) throws IOException {
    fixture = new FaultFixture(stack, options);
    fixture.proxy.otherwise(
        target ->
            exchange -> {
              Answer answer = exchange.ask();
              if (target.equals("CreateTable")) {
                created.add(exchange.text());
              }
              if (target.equals("DescribeTable")) {
                described.add(answer.text());
              }
              exchange.answer(answer);
            });
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private String request() {
    assertThat(created).hasSize(1);
    return created.get(0);
  }

  @Test
  void aTableIsOnDemandWithTheServicesDefaultsUnlessOptionsAreSet() throws IOException {
    use();
    fixture.created();
    assertThat(request())
        .contains("\"BillingMode\":\"PAY_PER_REQUEST\"")
        .doesNotContain("SSE", "Tags", "TableClass", "DeletionProtection", "Throughput");
  }

  @Test
  void provisionedCapacityIsRequestedAndGranted() throws IOException {
    use("create.read-units", "7", "create.write-units", "3");
    fixture.created();
    assertThat(request())
        .contains("\"BillingMode\":\"PROVISIONED\"")
        .contains("\"ReadCapacityUnits\":7")
        .contains("\"WriteCapacityUnits\":3");
    assertThat(described.get(described.size() - 1))
        .contains("\"ReadCapacityUnits\":7")
        .contains("\"WriteCapacityUnits\":3");
  }

  @Test
  void tagsProtectionKeyAndClassAreInTheRequest() throws IOException {
    use(
        "create.tag.team",
        "risk",
        "create.tag.cost-centre",
        "42",
        "create.deletion-protection",
        "true",
        "create.kms-key",
        "alias/dimstore",
        "create.table-class",
        "standard-infrequent-access");
    fixture.created();
    assertThat(request())
        .contains("{\"Key\":\"cost-centre\",\"Value\":\"42\"}")
        .contains("{\"Key\":\"team\",\"Value\":\"risk\"}")
        .contains("\"DeletionProtectionEnabled\":true")
        .contains("\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"");
    assertThat(request())
        .contains("\"Enabled\":true")
        .contains("\"SSEType\":\"KMS\"")
        .contains("\"KMSMasterKeyId\":\"alias/dimstore\"");
  }

  @Test
  void aTableWithoutItsTimeToLiveIsUsableAndTheRemedyIsLogged() throws IOException {
    use();
    TableSpec spec = fixture.created();
    List<String> quiet = warningsOf(spec);
    assertThat(quiet).isEmpty();
    fixture.proxy.always(
        "DescribeTimeToLive",
        Fault.answer(200, "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}"));
    assertThat(warningsOf(spec))
        .singleElement()
        .asString()
        .contains("update-time-to-live --table-name " + spec.name())
        .contains("AttributeName=__dim_ttl");
    fixture.proxy.always("DescribeTimeToLive", LastingFault.DENIED.fault());
    assertThat(warningsOf(spec))
        .as("without the right to describe it")
        .singleElement()
        .asString()
        .contains("It is unknown whether DynamoDB table " + spec.name() + " has its time to live");
  }

  private List<String> warningsOf(TableSpec spec) {
    List<String> lines = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    Logger logger = (Logger) LogManager.getLogger(TableAdmin.class);
    logger.addAppender(appender);
    try {
      FaultFixture.await(fixture.store.validate(spec));
    } finally {
      logger.removeAppender(appender);
    }
    return lines;
  }

  @Test
  void aRefusedCreationReportsTheReason() throws IOException {
    use();
    fixture.proxy.always(
        "CreateTable", Fault.error(400, "LimitExceededException", "Too many tables"));
    TableSpec spec = FaultFixture.spec();
    var failure = FaultFixture.failureOf(fixture.store.createIfAbsent(spec));
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(failure).hasMessageContaining("Too many tables");
  }
}
