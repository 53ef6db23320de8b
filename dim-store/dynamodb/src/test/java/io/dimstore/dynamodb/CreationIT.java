package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
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

/** New tables as the options say: what the request carries, and what the server made of it. */
class CreationIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private final List<String> created = new CopyOnWriteArrayList<>();
  private final List<String> described = new CopyOnWriteArrayList<>();
  private FaultRig rig;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  private void use(String... options) throws IOException {
    rig = new FaultRig(stack, options);
    rig.proxy.otherwise(
        target ->
            wire -> {
              Wire.Answer answer = wire.ask();
              if (target.equals("CreateTable")) {
                created.add(wire.text());
              }
              if (target.equals("DescribeTable")) {
                described.add(answer.text());
              }
              wire.answer(answer);
            });
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private String request() {
    assertThat(created).hasSize(1);
    return created.get(0);
  }

  @Test
  void aTableIsOnDemandAndAsTheServiceHasItUnlessOptionsSayOtherwise() throws IOException {
    use();
    rig.created();
    assertThat(request())
        .contains("\"BillingMode\":\"PAY_PER_REQUEST\"")
        .doesNotContain("SSE", "Tags", "TableClass", "DeletionProtection", "Throughput");
  }

  @Test
  void provisionedCapacityIsAskedForAndGiven() throws IOException {
    use("create.read-units", "7", "create.write-units", "3");
    rig.created();
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
    rig.created();
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
    TableSpec spec = rig.created();
    List<String> quiet = warningsOf(spec);
    assertThat(quiet).isEmpty();
    rig.proxy.always(
        "DescribeTimeToLive",
        WireFault.answer(200, "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}"));
    assertThat(warningsOf(spec))
        .singleElement()
        .asString()
        .contains("update-time-to-live --table-name " + spec.name())
        .contains("AttributeName=__dim_ttl");
    rig.proxy.always("DescribeTimeToLive", LastingFault.DENIED.fault());
    assertThat(warningsOf(spec)).as("who may not ask").isEmpty();
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
      FaultRig.await(rig.store.validate(spec));
    } finally {
      logger.removeAppender(appender);
    }
    return lines;
  }

  @Test
  void aCreationThatTheServiceRefusesSaysWhy() throws IOException {
    use();
    rig.proxy.always(
        "CreateTable", WireFault.error(400, "LimitExceededException", "Too many tables"));
    TableSpec spec = FaultRig.spec();
    var failure = FaultRig.failureOf(rig.store.createIfAbsent(spec));
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(failure).hasMessageContaining("Too many tables");
  }
}
