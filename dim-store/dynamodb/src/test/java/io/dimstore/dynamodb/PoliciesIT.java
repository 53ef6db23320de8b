package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The policies in the documentation allow what is really asked, and nothing beside it. */
class PoliciesIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final List<Change> ROWS = FaultRig.rows(8, 1);
  private static final Pattern STATEMENT =
      Pattern.compile("\"Statement\":\"(INSERT|UPDATE|DELETE|SELECT)");

  private final Set<String> asked = new ConcurrentSkipListSet<>();
  private FaultRig rig;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    rig = new FaultRig(stack, "create.tag.team", "risk");
    rig.proxy.otherwise(
        target ->
            wire -> {
              note(wire);
              wire.answer(wire.ask());
            });
    spec = rig.created();
    table = rig.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  /** The actions that the service asks the policy for, by the request's target and statements. */
  private void note(Wire wire) {
    if (wire.target().equals("BatchExecuteStatement")) {
      Matcher statement = STATEMENT.matcher(wire.text());
      while (statement.find()) {
        String verb = statement.group(1);
        asked.add(
            "dynamodb:PartiQL"
                + verb.charAt(0)
                + verb.substring(1).toLowerCase(java.util.Locale.ROOT));
      }
      return;
    }
    asked.add("dynamodb:" + wire.target());
    if (wire.target().equals("CreateTable") && wire.text().contains("\"Tags\"")) {
      asked.add("dynamodb:TagResource");
    }
  }

  private static Set<String> allowed(String role) throws IOException {
    Path page = Path.of("").toAbsolutePath();
    while (!Files.exists(page.resolve("docs/dynamodb.md"))) {
      page = page.getParent();
    }
    String text = Files.readString(page.resolve("docs/dynamodb.md"));
    int begin = text.indexOf("<!-- policy: " + role + " -->");
    assertThat(begin).as("policy of the %s", role).isPositive();
    String policy = text.substring(begin, text.indexOf("```\n", text.indexOf("```json", begin)));
    return Pattern.compile("\"(dynamodb:[A-Za-z]+)\"")
        .matcher(policy)
        .results()
        .map(action -> action.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aReaderNeedsJustThePolicyOfTheReader() throws IOException {
    asked.clear();
    FaultRig.await(rig.store.validate(spec));
    FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()));
    assertThat(asked).isEqualTo(allowed("reader"));
  }

  @Test
  void aScannerNeedsJustThePolicyOfTheScanner() throws IOException {
    asked.clear();
    FaultRig.await(rig.store.validate(spec));
    var splits = FaultRig.await(table.splits(2, ScanOptions.rows(spec.all())));
    FaultRig.await(table.scan(splits.get(0), 10));
    assertThat(asked).isEqualTo(allowed("scanner"));
  }

  @Test
  void aWriterNeedsJustThePolicyOfTheWriter() throws IOException {
    asked.clear();
    FaultRig.await(rig.store.validate(spec));
    FaultRig.await(rig.store.createIfAbsent(spec));
    FaultRig.await(table.write(ROWS));
    FaultRig.await(table.write(FaultRig.rows(8, 2)));
    FaultRig.await(table.write(FaultRig.rows(1, 3)));
    assertThat(asked).isEqualTo(allowed("writer"));
  }

  @Test
  void aFollowerNeedsJustThePolicyOfTheFollower() throws IOException {
    TableSpec followed =
        new TableSpec("followed", spec.columns(), spec.keyColumns(), Map.of("change-feed", "true"));
    FaultRig.await(rig.store.createIfAbsent(followed));
    ChangeFeed feed = (ChangeFeed) rig.table(followed);
    asked.clear();
    var positions = FaultRig.await(feed.follow(ChangeFeed.Start.LATEST));
    FaultRig.await(feed.poll(positions.get(0), 10));
    assertThat(asked).isEqualTo(allowed("follower"));
  }

  @Test
  void aCreatorNeedsJustThePolicyOfTheCreator() throws IOException {
    asked.clear();
    TableSpec fresh = FaultRig.spec();
    // The answer is lost, and whether the time to live is on has to be asked.
    rig.proxy.next(
        "UpdateTimeToLive",
        wire -> {
          note(wire);
          WireFault.lostAnswer().play(wire);
        });
    FaultRig.await(rig.store.createIfAbsent(fresh));
    assertThat(asked).isEqualTo(allowed("creator"));
  }

  @Test
  void aPingAsksForTheListOfTables() {
    asked.clear();
    FaultRig.await(rig.store.ping());
    assertThat(asked).containsExactly("dynamodb:ListTables");
  }
}
