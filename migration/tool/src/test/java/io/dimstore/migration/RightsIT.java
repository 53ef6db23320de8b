// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.Grant.Right;
import io.dimstore.mirror.control.Intents;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.dynamodb.policy.Permission;
import io.dimstore.stack.dynamodb.policy.PolicyProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.security.AccessDeniedException;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.hadoop.security.UserGroupInformation;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/**
 * Walks a migration forward and back, each step with no more rights than {@code
 * docs/least-privilege.md} gives it. DynamoDB is behind a proxy that enforces the IAM policies, and
 * HBase has access control. At the end, each right was used.
 */
@Timeout(900)
class RightsIT {

  private static final String TABLE = "dim_user";
  private static final String CONTROLLER =
      "org.apache.hadoop.hbase.security.access.AccessController";
  private static final Pattern AUDIT =
      Pattern.compile(
          "Access (allowed|denied) for user (dim_\\w+); reason: ([^;]*);.* request: (\\w+);"
              + " context: \\(user=\\w+, scope=([^,]*), (?:family=([^,]*), )?.*action=(\\w+)\\)");

  /** HBase lists the tables and settings that a user may see, and skips the others. */
  private static final Set<String> LISTS = Set.of("getTableNames", "getTableDescriptors");

  /**
   * The reasons of what HBase allows to everybody, such as finding regions, and of a request for
   * whole rows, of which it returns the families that the user may read.
   */
  private static final Set<String> WITHOUT_RIGHT =
      Set.of("All users allowed", "Access allowed with filter");

  /** So many intents that at least four of them are removed by one call. */
  private static final int MANY = 12;

  private static final String PASSWORD = "s3cret";

  /** Writes the policies that the walk needs, in place of the ones that are there. */
  private static final boolean UPDATE = Boolean.getBoolean("update");

  private static final Map<String, PolicyProxy> DYNAMO_DB = new TreeMap<>();

  /** The commands that were run, by role. */
  private static final Map<String, Set<String>> WALKED = new TreeMap<>();

  private static LocalStack stack;
  private static Connection hbase;
  @TempDir static Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path sql;
  private TableSpec spec;
  private int probes;

  @BeforeAll
  static void start() throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Configuration site = new Configuration(false);
    site.set("hbase.security.authorization", "true");
    for (String kind : List.of("master", "region", "regionserver")) {
      site.set("hbase.coprocessor." + kind + ".classes", CONTROLLER);
    }
    try (var writer =
        Files.newBufferedWriter(conf.resolve("hbase-site.xml"), StandardCharsets.UTF_8)) {
      site.writeXml(writer);
    }
    // Takes the place of the local stack's settings of the log: each check of a right is logged.
    Path log = conf.resolve("io/dimstore/stack/hbase/log4j.properties");
    Files.createDirectories(log.getParent());
    Files.writeString(
        log,
        """
        log4j.rootLogger=WARN, console
        log4j.logger.SecurityLogger=TRACE
        log4j.appender.console=org.apache.log4j.ConsoleAppender
        log4j.appender.console.target=System.err
        log4j.appender.console.layout=org.apache.log4j.PatternLayout
        log4j.appender.console.layout.ConversionPattern=%m%n
        """);
    stack =
        LocalStack.start(
            StackOptions.of("hbase", "redis", "dynamodb").withClassPath("hbase", List.of(conf)));
    try (Jedis redis = new Jedis("127.0.0.1", stack.redis().port())) {
      redis.sendCommand(Protocol.Command.ACL, redisUser());
    }
    for (String role : LeastPrivilegeTest.ROLES) {
      DYNAMO_DB.put(
          role, new PolicyProxy(stack.dynamoDb().address(), PolicyFiles.read(role), UPDATE));
    }
    Configuration client = HBaseConfiguration.create();
    stack.hbase().configuration().forEach(client::set);
    hbase = ConnectionFactory.createConnection(client);
  }

  /** Returns the command of the documentation that creates the user of Redis. */
  private static String[] redisUser() throws IOException {
    String page = Files.readString(PolicyFiles.folder().resolveSibling("connections.md"));
    int line = page.indexOf("ACL SETUSER", page.indexOf("<!-- rights: single -->"));
    return page.substring(line + "ACL ".length(), page.indexOf('\n', line))
        .replace("PASSWORD", PASSWORD)
        .split(" ");
  }

  @AfterAll
  static void stop() throws IOException {
    hbase.close();
    for (PolicyProxy proxy : DYNAMO_DB.values()) {
      proxy.close();
    }
    stack.close();
  }

  /** Returns the options of the old store. */
  private static Map<String, String> old() {
    return Map.of(
        "zookeeper.quorum",
        stack.hbase().address(),
        "redis.host",
        "127.0.0.1",
        "redis.port",
        Integer.toString(stack.redis().port()),
        "redis.timeout",
        "5 s",
        "redis.user",
        "dimstore",
        "redis.password",
        PASSWORD);
  }

  /** Returns the options of the new store for a role: each has a proxy of its own. */
  private static Map<String, String> target(String role) {
    return target(DYNAMO_DB.get(role));
  }

  private static Map<String, String> target(PolicyProxy proxy) {
    return Map.of(
        "endpoint",
        proxy.address(),
        "region",
        stack.dynamoDb().region(),
        "access-key",
        stack.dynamoDb().accessKeyId(),
        "secret-key",
        stack.dynamoDb().secretAccessKey(),
        "attempt-timeout",
        "5 s");
  }

  private static Map<String, String> mirrorOptions(String role) {
    Map<String, String> all = new TreeMap<>();
    old().forEach((name, value) -> all.put("from." + name, value));
    target(role).forEach((name, value) -> all.put("to." + name, value));
    all.put("from.store", "hbase-redis");
    all.put("to.store", "dynamodb");
    all.put("mode.refresh", "100 ms");
    all.put("reconcile.interval", "200 ms");
    all.put("shadow.publish-interval", "200 ms");
    all.put("other.timeout", "5 s");
    return all;
  }

  private static DimensionStore mirror(String role) {
    return open("mirror", mirrorOptions(role));
  }

  private static DimensionStore open(String store, Map<String, String> options) {
    return DimensionStores.open(store, options, StoreMetrics.NONE, InstantSource.system());
  }

  /** Does something as the role's user of HBase. */
  private static <T> T as(String role, Callable<T> action) throws Exception {
    return UserGroupInformation.createRemoteUser("dim_" + role.replace('-', '_'))
        .doAs((PrivilegedExceptionAction<T>) action::call);
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("Still waiting for: " + what).isLessThan(end);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private void step(String role, int exitCode, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments[0], "--sql", sql.toString()));
    all.addAll(List.of("--from=hbase-redis", "--to=dynamodb"));
    old().forEach((n, v) -> all.addAll(List.of("--from-option", n + "=" + v)));
    target(role).forEach((n, v) -> all.addAll(List.of("--to-option", n + "=" + v)));
    all.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    WALKED.computeIfAbsent(role, key -> new TreeSet<>()).add(arguments[0]);
    int code =
        as(
            role,
            () ->
                MigrateMain.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute(all.toArray(String[]::new)));
    assertThat(code)
        .as(String.join(" ", arguments) + "\n" + out + err + refused())
        .isEqualTo(exitCode);
  }

  @Test
  void eachStepNeedsJustTheRightsOfItsRole() throws Exception {
    sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_user (id STRING, name STRING, level INT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_user.options})");
    spec = Dimensions.in(sql).get(0).storedAs(TABLE, Map.of());
    try (Admin admin = hbase.getAdmin()) {
      await("the table of grants", () -> admin.isTableAvailable(TableName.valueOf("hbase:acl")));
    }
    grantAll();
    as(
        "setup",
        () -> {
          try (DimensionStore from = open("hbase-redis", old());
              DimensionStore to = open("dynamodb", target("setup"))) {
            await(from.createIfAbsent(spec));
            await(to.createIfAbsent(spec));
          }
          return null;
        });
    try (Admin admin = hbase.getAdmin()) {
      admin.addColumnFamily(TableName.valueOf(TABLE), ColumnFamilyDescriptorBuilder.of("other"));
    }
    step("setup", 0, "plan", "--propagation=100ms");
    grantAll();
    step("preflight", 0, "preflight", "--all-writers-use-dimstore");
    step("setup", 0, "start");
    as(
        "setup",
        () -> {
          try (DimensionStore mirror = mirror("setup")) {
            await(mirror.createIfAbsent(spec));
          }
          return null;
        });
    grantAll();

    job(1, false);
    step("backfill", 0, "backfill", "--impact-factor=0");
    preflightAgain();
    plantWrongRow(1);
    step("verify", 3, "verify", "--settle=100ms", "--impact-factor=0");
    job(2, false);
    step("verify", 0, "verify", "--settle=1s", "--impact-factor=0");
    step("switch", 0, "shadow", "--share=1");
    job(3, true);
    step("switch", 0, "ramp", "--share=0.5");
    outOfDynamoDb(4);
    measureAndReplay();
    cutover(rows(5));
    outOfHBase(6);
    step("verify", 0, "verify", "--settle=1s", "--impact-factor=0");
    step("switch", 0, "reverse");
    leaveIntents(7, MANY);
    step("switch", 0, "rollback");
    takeOver();
    step("preflight", 0, "preflight", "--all-writers-use-dimstore");
    step("switch", 0, "start");
    // The last row is alone in its batch.
    step("backfill", 0, "backfill", "--restart", "--impact-factor=0", "--batch=40");
    step("verify", 0, "verify", "--settle=1s", "--impact-factor=0");
    cutover(rows(8).subList(0, 1));
    job(9, false);
    leaveIntents(10, 1);
    step("switch", 0, "rollback", "--drill");
    step("verify", 0, "verify", "--settle=1s", "--impact-factor=0");
    step("switch", 0, "reverse");
    status();
    step("switch", 0, "finish");
    as(
        "feature-job",
        () -> {
          StoreTable table = new StoreTable("dynamodb", target("feature-job"), spec);
          StorePreflight.requireForJob(List.of(table), List.of(table));
          try (DimensionStore store = open("dynamodb", target("feature-job"))) {
            DimensionTable rows = store.table(spec);
            await(rows.get(keys(), spec.all()));
            await(rows.write(rows(20)));
            await(rows.write(rows(21).subList(0, 1)));
          }
          return null;
        });
    requireUsedRights();
  }

  /** Rows that were written since the start are looked for in both stores. */
  private void preflightAgain() throws Exception {
    as(
        "job",
        () -> {
          try (DimensionStore mirror = mirror("job")) {
            long later = System.currentTimeMillis() + 10_000;
            return await(
                mirror
                    .table(spec)
                    .write(List.of(new Put(Key.of("later"), Row.of("later", 1), later))));
          }
        });
    step("preflight", 0, "preflight", "--all-writers-use-dimstore", "--settle=100ms");
    assertThat(out.toString()).contains("1 of them were written since all writes go to both");
  }

  /** Somebody changes a row in the new store, and gives it the version that the old one has. */
  private void plantWrongRow(long version) throws Exception {
    try (DimensionStore direct = open("dynamodb", direct())) {
      await(direct.table(spec).write(List.of(new Put(keys().get(0), Row.of("wrong", 0), version))));
    }
  }

  private static Map<String, String> direct() {
    Map<String, String> options = new TreeMap<>(target("job"));
    options.put("endpoint", stack.dynamoDb().address());
    return options;
  }

  private void measureAndReplay() throws Exception {
    step("verify", 0, "measure", "--for=2s", "--sample-rows=40");
    Path features = Files.writeString(folder.resolve("old.jsonl"), "{\"a\":1,\"b\":2}\n");
    Path same = Files.writeString(folder.resolve("new.jsonl"), "{\"b\":2,\"a\":1}\n");
    step("verify", 0, "replay", "--old-features=" + features, "--new-features=" + same);
  }

  /** The new store is away for the person as well. */
  private void takeOver() throws Exception {
    DYNAMO_DB.get("switch").failing(needed -> true);
    step("switch", 0, "rollback", "--without-new-store", "--reason=a test");
    DYNAMO_DB.get("switch").failing(needed -> false);
    step("switch", 0, "rollback");
  }

  private void status() throws Exception {
    step("status", 0, "status", "--html=" + folder.resolve("status.html"));
    Path certificate = folder.resolve("certificate.json");
    step("status", 0, "certificate", "--json=" + certificate);
    step("status", 0, "certificate", "--check=" + certificate);
  }

  private static boolean isWrite(Permission needed) {
    return needed.resource().equals("table/" + TABLE)
        && Set.of("dynamodb:PutItem", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate")
            .contains(needed.action());
  }

  private static List<Key> keys() {
    return IntStream.range(0, 40).mapToObj(i -> Key.of("k" + i)).toList();
  }

  private static List<Change> rows(long version) {
    List<Change> rows = new ArrayList<>();
    keys().forEach(key -> rows.add(new Put(key, Row.of("v" + version, (int) version), version)));
    rows.add(new Delete(Key.of("gone"), version));
    return rows;
  }

  /** What a job does: it writes many rows and single ones, and looks rows up. */
  private void job(long version, boolean shadow) throws Exception {
    as(
        "job",
        () -> {
          StorePreflight.requireForJob(
              List.of(), List.of(new StoreTable("mirror", mirrorOptions("job"), spec)));
          try (DimensionStore mirror = mirror("job")) {
            await(mirror.createIfAbsent(spec));
            DimensionTable table = mirror.table(spec);
            await(table.write(rows(version)));
            await(table.write(List.of(rows(version).get(0))));
            assertThat(await(table.get(keys(), spec.all()))).doesNotContainNull();
            if (shadow) {
              await(
                  "published counts of shadow reads",
                  () -> {
                    await(table.get(keys(), spec.all()));
                    return published();
                  });
            }
          }
          return null;
        });
  }

  private static boolean published() throws Exception {
    try (DimensionStore direct = open("dynamodb", direct())) {
      SharedRecords records = direct.capability(SharedRecords.class).orElseThrow();
      return !await(records.list("mirror/" + TABLE + "/shadow/", "", 10)).records().isEmpty();
    }
  }

  /** The new store is away while rows are written, and comes back: the job copies them. */
  private void outOfDynamoDb(long version) throws Exception {
    as(
        "job",
        () -> {
          try (DimensionStore mirror = mirror("job")) {
            DimensionTable table = mirror.table(spec);
            Intents intents = table.capability(Intents.class).orElseThrow();
            failWrites(table, rows(version));
            assertThat(await(intents.backlog(100)).keys()).isPositive();
            DYNAMO_DB.get("job").failing(needed -> false);
            await("copied rows", () -> await(intents.backlog(100)).keys() == 0);
          }
          return null;
        });
  }

  private static void failWrites(DimensionTable table, List<Change> rows) throws Exception {
    DYNAMO_DB.get("job").failing(RightsIT::isWrite);
    await(table.write(rows));
  }

  /** Writes fail in the new store after the cut-over has counted the pending ones: it copies. */
  private void cutover(List<Change> rows) throws Exception {
    PolicyProxy proxy = DYNAMO_DB.get("switch");
    Map<String, String> options = mirrorOptions("job");
    options.put("reconcile.interval", "1 h");
    options.put("other.timeout", "1 s");
    try (DimensionStore mirror = as("job", () -> open("mirror", options))) {
      DimensionTable table = mirror.table(spec);
      as("job", () -> await(table.get(keys(), spec.all())));
      proxy.before(
          Other.REQUIRED.name(),
          () ->
              as(
                  "job",
                  () -> {
                    failWrites(table, rows);
                    return null;
                  }));
      step("switch", 0, "cutover", "--force=no evidence in this test");
    }
    assertThat(proxy.wasReached()).as("whether writes failed").isTrue();
    DYNAMO_DB.get("job").failing(needed -> false);
  }

  /** The job ends while rows are pending, so that a step of the migration has to copy them. */
  private void leaveIntents(long version, int intents) throws Exception {
    as(
        "job",
        () -> {
          try (DimensionStore mirror = mirror("job")) {
            refuseInHBase(mirror.table(spec), version, intents);
          }
          regrantInHBase();
          return null;
        });
  }

  /** HBase refuses the job's writes for a while: what it lacks is pending in DynamoDB. */
  private void outOfHBase(long version) throws Exception {
    as(
        "job",
        () -> {
          try (DimensionStore mirror = mirror("job")) {
            Intents intents = refuseInHBase(mirror.table(spec), version, MANY);
            regrantInHBase();
            await("copied rows", () -> await(intents.backlog(100)).keys() == 0);
          }
          return null;
        });
  }

  /** Has HBase refuse writes of the job, each of which leaves an intent. */
  private static Intents refuseInHBase(DimensionTable table, long version, int writes)
      throws Exception {
    Intents intents = table.capability(Intents.class).orElseThrow();
    try (Admin admin = hbase.getAdmin()) {
      new Grant("dim_job", "R", TABLE, "s").apply(admin);
    }
    // The region server learns of a grant a little later.
    await(
        "pending rows",
        () -> {
          await(table.write(rows(version)));
          return await(intents.backlog(100)).keys() > 0;
        });
    for (int i = 1; i < writes; i++) {
      await(table.write(rows(version)));
    }
    return intents;
  }

  private static void regrantInHBase() throws IOException {
    try (Admin admin = hbase.getAdmin()) {
      new Grant("dim_job", "RW", TABLE, "s").apply(admin);
    }
  }

  /** Makes all grants on what exists, and waits until the servers know of them. */
  private void grantAll() throws Exception {
    String probe = "probe" + probes++;
    List<Grant> grants = new ArrayList<>(Grant.read());
    Grant creation = new Grant(probe, "C", "@default", "");
    Grant reading = new Grant(probe, "R", TABLE, "s");
    grants.addAll(List.of(creation, reading));
    try (Admin admin = hbase.getAdmin()) {
      for (Grant grant : grants) {
        if (grant.isPossible(admin)) {
          grant.apply(admin);
        }
      }
      // The servers learn of grants one after the other.
      await("the last grant at the master", () -> creation.isKnown(admin));
      if (reading.isPossible(admin)) {
        UserGroupInformation.createRemoteUser(probe)
            .doAs(
                (PrivilegedExceptionAction<Void>)
                    () -> {
                      awaitReading();
                      return null;
                    });
      }
    }
  }

  private static void awaitReading() throws Exception {
    try (Connection connection = ConnectionFactory.createConnection(hbase.getConfiguration());
        Table table = connection.getTable(TableName.valueOf(TABLE))) {
      Get any = new Get(Bytes.toBytes("any")).addFamily(Bytes.toBytes("s"));
      await(
          "the last grant at the region server",
          () -> {
            try {
              table.exists(any);
              return true;
            } catch (AccessDeniedException e) {
              return false;
            }
          });
    }
  }

  private static Map<String, Set<Permission>> refused() {
    Map<String, Set<Permission>> refused = new TreeMap<>();
    DYNAMO_DB.forEach(
        (role, proxy) -> {
          if (!proxy.refused().isEmpty()) {
            refused.put(role, proxy.refused());
          }
        });
    return refused;
  }

  private static void requireUsedRights() throws IOException {
    Map<String, Set<Permission>> used = new TreeMap<>();
    Map<String, Set<Permission>> allowed = new TreeMap<>();
    for (String role : LeastPrivilegeTest.ROLES) {
      used.put(role, DYNAMO_DB.get(role).used());
      if (UPDATE) {
        PolicyFiles.write(role, used.get(role));
      }
      allowed.put(role, PolicyFiles.read(role).permissions());
    }
    Set<Right> needed = new TreeSet<>();
    Set<Right> denied = new TreeSet<>();
    readAuditLog(needed, denied);
    Set<Right> granted = Grant.rights(Grant.read());
    Map<String, Set<String>> commands = LeastPrivilegeTest.commands();
    SoftAssertions.assertSoftly(
        all -> {
          all.assertThat(refused()).as("what the policies did not allow").isEmpty();
          for (String role : LeastPrivilegeTest.ROLES) {
            all.assertThat(without(allowed.get(role), used.get(role)))
                .as("what the policy %s allows, and was never used", role)
                .isEmpty();
          }
          all.assertThat(denied)
              .as("what HBase denied: the writes that the test makes fail")
              .containsExactly(new Right("dim_job", 'W', TABLE, "s"));
          all.assertThat(without(granted, needed))
              .as("what is granted in HBase, and was never used")
              .isEmpty();
          all.assertThat(without(needed, granted))
              .as("what was used in HBase, and is not granted")
              .isEmpty();
          all.assertThat(WALKED).as("the commands of each role").isEqualTo(commands);
        });
  }

  private static <T extends Comparable<T>> Set<T> without(Set<T> all, Set<T> some) {
    Set<T> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  /** Adds the rights that HBase checked for a request, by its audit log. */
  private static void readAuditLog(Set<Right> needed, Set<Right> denied) throws IOException {
    Matcher audit = AUDIT.matcher(Files.readString(stack.log("hbase")));
    while (audit.find()) {
      String user = audit.group(2);
      String scope = audit.group(5).replace("default:", "");
      char letter = audit.group(7).charAt(0);
      Set<Right> rights = audit.group(1).equals("denied") ? denied : needed;
      if (WITHOUT_RIGHT.contains(audit.group(3)) || LISTS.contains(audit.group(4))) {
        continue;
      }
      if (audit.group(4).equals("createTable")) {
        rights.add(new Right(user, letter, "@" + scope, ""));
      } else if (!user.equals("dim_setup")) {
        // What dim_setup may do with the tables that it has created needs no grant.
        for (String column :
            scope.equals(TABLE) ? audit.group(6).split("\\|") : new String[] {""}) {
          rights.add(new Right(user, letter, scope, column.replaceFirst(":.*", "")));
        }
      }
    }
  }
}
