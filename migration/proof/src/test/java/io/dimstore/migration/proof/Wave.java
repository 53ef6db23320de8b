// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Schedules that are carried out some at a time, each on a table of its own: when one ends, the
 * next one begins. They share the servers, the writers and the migrator, so that each of them also
 * meets the faults of the others.
 */
final class Wave implements AutoCloseable {

  private static final String ENDPOINT = "io.dimstore.migration.hbase.DimstoreReplicationEndpoint";

  private static final long STEP_PATIENCE = TimeUnit.SECONDS.toNanos(330);
  private static final long CHECK_PATIENCE = TimeUnit.SECONDS.toNanos(90);

  /** The lease of a step: so long a migrator has to be silent until another one takes over. */
  private static final long LEASE_MILLIS = 15_000;

  /**
   * A schedule that has failed.
   *
   * @param text what was found
   */
  record Failure(Schedule schedule, String text) {}

  private final Servers servers;
  private final List<Schedule> schedules;
  private final int atOnce;
  private final List<Path> planted;
  private final Setup setup;
  private final String peer;
  private final boolean planting;
  private final Connection connection;
  private final DimensionStore from;
  private final DimensionStore to;
  private final Setup own;
  private final ExecutorService serverFaults = Executors.newSingleThreadExecutor();
  private final ExecutorService writerFaults = Executors.newSingleThreadExecutor();
  private final ExecutorService migratorFaults = Executors.newSingleThreadExecutor();
  private Child dimstoreWriter;
  private Child plainWriter;
  private Child migrator;
  private final AtomicInteger begun = new AtomicInteger();
  private int generation;
  private volatile boolean over;

  /**
   * Prepares a wave.
   *
   * @param atOnce how many schedules are under way at the same time
   * @param pace by how much times are longer than on an idle machine
   * @param planted folders with classes that replace those of the product in all processes
   * @param defect the planted defect, or null; the first schedule that fails ends its wave
   */
  Wave(
      Servers servers,
      Path folder,
      List<Schedule> schedules,
      int atOnce,
      double pace,
      List<Path> planted,
      @Nullable Defect defect)
      throws Exception {
    this.servers = servers;
    this.schedules = schedules;
    this.atOnce = atOnce;
    this.planted = planted;
    List<String> tables = new ArrayList<>();
    schedules.forEach(
        schedule -> tables.add("dim_" + folder.getFileName() + "_" + schedule.seed()));
    Map<String, String> hbase = new HashMap<>();
    hbase.put("zookeeper.quorum", servers.quorum());
    hbase.put("redis.host", "127.0.0.1");
    hbase.put("redis.port", Integer.toString(servers.redisPort()));
    hbase.put("lease", "1 s");
    hbase.put("repair-interval", "3 s");
    hbase.put("replication-origin", "dimstore");
    Map<String, String> dynamoDb = new HashMap<>();
    dynamoDb.put("endpoint", servers.dynamoDbAddress());
    dynamoDb.put("region", "us-east-1");
    dynamoDb.put("access-key", "proof");
    dynamoDb.put("secret-key", "proof");
    Map<String, String> mirrored = new HashMap<>();
    mirrored.put("mode.refresh", "700 ms");
    mirrored.put("reconcile.interval", "3 s");
    mirrored.put("shadow.publish-interval", "2 s");
    mirrored.put("shadow.recheck-after", "300 ms");
    if (defect != null) {
      dynamoDb.putAll(defect.settings("to."));
      mirrored.putAll(defect.settings("mirror."));
    }
    this.planting = defect != null;
    this.peer = folder.getFileName().toString();
    this.setup =
        new Setup(Files.createDirectories(folder), tables, hbase, dynamoDb, mirrored, pace);
    hbase.put("max-age", setup.maxAge().toMillis() + " ms");
    hbase.put("redis.timeout", setup.paced(500).toMillis() + " ms");
    dynamoDb.put("attempt-timeout", setup.paced(800).toMillis() + " ms");
    mirrored.put("deadline", setup.deadline().toMillis() + " ms");
    mirrored.putIfAbsent("mode.validity", setup.paced(1_800).toMillis() + " ms");
    mirrored.put("other.timeout", setup.paced(700).toMillis() + " ms");
    mirrored.put("reconcile.absent-after", setup.paced(3_500).toMillis() + " ms");
    mirrored.put("reconcile.unknown-after", setup.paced(3_000).toMillis() + " ms");
    setup.write();
    if (planting) {
      // The refusal of a verification is how a defect shows: it need not be repeated for long.
      Signal.set(folder.resolve("patience"), "60");
    }
    this.connection = ConnectionFactory.createConnection(WriterMain.hbase(servers.quorum()));
    // The runner itself has time, whatever the load of the machine is.
    Map<String, String> patient = new HashMap<>(hbase);
    patient.put("deadline", "20 s");
    patient.put("repair-interval", "60 s");
    Map<String, String> patientToo = new HashMap<>(dynamoDb);
    patientToo.put("deadline", "20 s");
    patientToo.put("attempt-timeout", "5 s");
    Map<String, String> patientMirror = new HashMap<>(mirrored);
    patientMirror.put("deadline", "20 s");
    // The intents are those of the other processes, which copy them too.
    patientMirror.put("reconcile.interval", "20 s");
    this.own = new Setup(folder, tables, patient, patientToo, patientMirror, pace);
    this.from = own.openFrom();
    this.to = own.openTo();
  }

  private Path log(String name) {
    return setup.folder().resolve(name + ".log");
  }

  /** Creates the tables, fills them, and starts the writers. */
  private void begin() throws Exception {
    List<CompletableFuture<Void>> created = new ArrayList<>();
    for (int i = 0; i < schedules.size(); i++) {
      String table = setup.tables().get(i);
      Files.write(setup.folder(table).resolve("steps"), schedules.get(i).steps());
      Signal.set(setup.folder(table).resolve("seed"), Long.toString(schedules.get(i).seed()));
      created.add(from.createIfAbsent(Setup.spec(table)).toCompletableFuture());
      created.add(to.createIfAbsent(Setup.spec(table)).toCompletableFuture());
    }
    CompletableFuture.allOf(created.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
    try (Admin admin = connection.getAdmin()) {
      List<Future<Void>> changed = new ArrayList<>();
      for (String table : setup.tables()) {
        TableDescriptorBuilder next =
            TableDescriptorBuilder.newBuilder(admin.getDescriptor(TableName.valueOf(table)));
        for (ColumnFamilyDescriptor each :
            admin.getDescriptor(TableName.valueOf(table)).getColumnFamilies()) {
          next.modifyColumnFamily(
              ColumnFamilyDescriptorBuilder.newBuilder(each).setScope(1).build());
        }
        changed.add(admin.modifyTableAsync(next.build()));
      }
      for (Future<Void> each : changed) {
        each.get(2, TimeUnit.MINUTES);
      }
      for (String table : setup.tables()) {
        try (Table plain = connection.getTable(TableName.valueOf(table))) {
          Filler.fill(from.table(Setup.spec(table)), plain, setup.folder(table));
        }
      }
      addPeer(admin);
    }
    dimstoreWriter = startWriter(MirrorWriter.NAME);
    plainWriter = startWriter(PlainWriter.NAME);
    startMigrator();
  }

  private Child startProcess(String log, Class<?> main, String argument) {
    return Child.java(log(log), planted, main, setup.folder().toString(), argument);
  }

  private void addPeer(Admin admin) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("dimstore.store", "dynamodb");
    setup.to().forEach((name, value) -> settings.put("dimstore.store." + name, value));
    settings.put("dimstore.store.deadline", setup.deadline().toMillis() + " ms");
    settings.put("dimstore.max-pause", "300 ms");
    settings.put("dimstore.raise-versions", "false");
    Map<TableName, List<String>> carried = new HashMap<>();
    for (String table : setup.tables()) {
      settings.put("dimstore.table." + table + ".columns", "id STRING, a STRING, b BIGINT");
      settings.put("dimstore.table." + table + ".key", "id");
      carried.put(TableName.valueOf(table), List.of());
    }
    admin.addReplicationPeer(
        peer,
        ReplicationPeerConfig.newBuilder()
            .setReplicationEndpointImpl(ENDPOINT)
            .putAllConfiguration(settings)
            .setReplicateAllUserTables(false)
            .setTableCFsMap(carried)
            .build());
  }

  private Child startWriter(String name) {
    return startProcess(name, WriterMain.class, name);
  }

  private void startMigrator() {
    generation++;
    Signal.set(setup.folder().resolve("generation"), Integer.toString(generation));
    migrator = startProcess("migrator", MigratorMain.class, Integer.toString(generation));
  }

  /** Carries all schedules out, and returns those that have failed. */
  List<Failure> run() throws Exception {
    begin();
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    CompletionService<Failure> results = new ExecutorCompletionService<>(threads);
    for (int i = 0; i < schedules.size(); i++) {
      Schedule schedule = schedules.get(i);
      String table = setup.tables().get(i);
      results.submit(() -> follow(schedule, table));
    }
    List<Failure> failures = new ArrayList<>();
    try {
      boolean found = false;
      for (int i = 0; i < schedules.size() && !found; i++) {
        Failure failure = results.take().get();
        if (failure != null) {
          failures.add(failure);
          found = planting && Finding.isOfDefect(failure.text(), log(failure.schedule()));
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      over = true;
      threads.shutdownNow();
    }
    return failures;
  }

  private Failure follow(Schedule schedule, String table) {
    Path folder = setup.folder(table);
    long begin = System.nanoTime();
    begun.incrementAndGet();
    try {
      setup.begin(table);
      String problem = problem(schedule, table, folder);
      System.out.printf(
          Locale.ROOT,
          "seed %d %s after %.0f s%n",
          schedule.seed(),
          problem == null ? "passed" : "FAILED",
          (System.nanoTime() - begin) / 1e9);
      return problem == null ? null : new Failure(schedule, problem);
    } catch (Exception | Error e) {
      return new Failure(schedule, String.valueOf(e));
    } finally {
      setup.end(table);
    }
  }

  private String problem(Schedule schedule, String table, Path folder) throws Exception {
    Model model = new Model();
    List<OpLog.Tail> tails = new ArrayList<>();
    for (String name : List.of(Filler.NAME, MirrorWriter.NAME, PlainWriter.NAME)) {
      tails.add(new OpLog.Tail(folder.resolve(name + ".log")));
    }
    Queue<Fault> left = new ArrayDeque<>(schedule.faults());
    int step = -1;
    long before = 0;
    long since = 0;
    while (true) {
      for (OpLog.Tail tail : tails) {
        tail.readInto(model);
      }
      int now = MigratorMain.Progress.read(folder).step();
      if (now != step) {
        step = now;
        before = model.acknowledged();
        since = System.nanoTime();
      }
      int reached = step;
      long changes = model.acknowledged() - before;
      while (!left.isEmpty() && isDue(left.peek(), reached, changes)) {
        begin(left.remove(), folder);
      }
      String failed = failed(folder);
      if (failed != null) {
        return failed;
      }
      if (step == schedule.steps().size()) {
        return null;
      }
      if (System.nanoTime() - since > STEP_PATIENCE) {
        return "No end of step " + step + ": " + schedule.steps().get(step);
      }
      String name = schedule.steps().get(step);
      Path checked = folder.resolve("checked-" + step);
      if (name.startsWith("@") && !Signal.isSet(checked)) {
        String problem = ownStep(name, table, model, tails);
        if (problem != null) {
          return problem;
        }
        Signal.set(checked, "");
      }
      Thread.sleep(200);
    }
  }

  /** Carries out a step of the runner, with a mirror that is open only meanwhile. */
  private String ownStep(String name, String table, Model model, List<OpLog.Tail> tails)
      throws Exception {
    try (DimensionStore mirror = own.openMirror()) {
      DimensionTable mirrored = mirror.table(Setup.spec(table));
      if (carriedOut(name, table, mirrored)) {
        return null;
      }
      Check check =
          new Check(model, from.table(Setup.spec(table)), to.table(Setup.spec(table)), mirrored);
      return check(name, check, model, tails, setup.folder(table));
    }
  }

  /** Carries out a step of {@link Probes}; returns false for another step. */
  private boolean carriedOut(String step, String table, DimensionTable mirrored) throws Exception {
    long end = System.nanoTime() + CHECK_PATIENCE;
    while (true) {
      try {
        return Probes.carryOut(step, to.table(Setup.spec(table)), mirrored);
      } catch (ExecutionException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(300);
      }
    }
  }

  private static boolean isDue(Fault fault, int step, long changes) {
    return fault.step() < step || (fault.step() == step && changes >= fault.changes());
  }

  private String failed(Path folder) {
    for (String name : List.of("violation", "failed")) {
      if (Signal.isSet(folder.resolve(name))) {
        return Signal.read(folder.resolve(name));
      }
    }
    synchronized (this) {
      for (Child child : List.of(dimstoreWriter, plainWriter, migrator)) {
        if (child.hasEnded() && !over) {
          return "A process has ended; see " + setup.folder();
        }
      }
    }
    return null;
  }

  private String check(String name, Check check, Model model, List<OpLog.Tail> tails, Path folder)
      throws Exception {
    boolean old = !name.equals(Schedule.CHECK_NEW);
    boolean target = !name.equals(Schedule.CHECK_OLD);
    for (String writer : List.of(MirrorWriter.NAME, PlainWriter.NAME)) {
      Signal.clear(folder.resolve(writer + ".stopped"));
    }
    Signal.set(folder.resolve("stop"), "");
    long end = System.nanoTime() + CHECK_PATIENCE;
    List<String> problems = List.of("the writers did not stop");
    while (System.nanoTime() - end < 0) {
      boolean stopped = true;
      for (String writer : List.of(MirrorWriter.NAME, PlainWriter.NAME)) {
        stopped &= Signal.isSet(folder.resolve(writer + ".stopped"));
      }
      if (stopped) {
        for (OpLog.Tail tail : tails) {
          tail.readInto(model);
        }
        try {
          problems = check.problems(old, target);
          if (problems.isEmpty()) {
            break;
          }
        } catch (ExecutionException | io.dimstore.spi.StoreException e) {
          problems = List.of(String.valueOf(e));
        }
      }
      Thread.sleep(300);
    }
    if (!problems.isEmpty()) {
      return name + ": " + problems.size() + " problems\n" + String.join("\n", problems);
    }
    if (!name.equals(Schedule.CHECK_BOTH)) {
      Signal.set(folder.resolve("stop-plain"), "");
    }
    Signal.clear(folder.resolve("stop"));
    return null;
  }

  /** Begins a fault, on the thread of its kind of process. */
  private void begin(Fault fault, Path folder) {
    ExecutorService line =
        switch (fault.victim()) {
          case DIMSTORE_WRITER, PLAIN_WRITER -> writerFaults;
          case MIGRATOR -> migratorFaults;
          case REDIS, HBASE, DYNAMODB -> serverFaults;
        };
    line.execute(
        () -> {
          if (over) {
            return;
          }
          try {
            Files.writeString(
                log("faults"),
                java.time.Instant.now() + " " + folder.getFileName() + " " + fault + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
            switch (fault.victim()) {
              case DIMSTORE_WRITER, PLAIN_WRITER -> failWriter(fault);
              case MIGRATOR -> failMigrator(fault);
              case REDIS, HBASE, DYNAMODB -> servers.fail(fault);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (Exception | Error e) {
            Signal.set(folder.resolve("failed"), "The fault " + fault + " failed: " + e);
          }
        });
  }

  private void failWriter(Fault fault) throws InterruptedException {
    boolean dimstore = fault.victim() == Fault.Victim.DIMSTORE_WRITER;
    Child child = dimstore ? dimstoreWriter : plainWriter;
    if (fault.kind() == Fault.Kind.PAUSE) {
      child.pause();
      Thread.sleep(fault.millis());
      child.resume();
      return;
    }
    synchronized (this) {
      child.kill();
      if (dimstore) {
        dimstoreWriter = startWriter(MirrorWriter.NAME);
      } else {
        plainWriter = startWriter(PlainWriter.NAME);
      }
    }
  }

  private void failMigrator(Fault fault) throws InterruptedException {
    Child child = migrator;
    switch (fault.kind()) {
      case PAUSE -> {
        child.pause();
        Thread.sleep(fault.millis());
        child.resume();
      }
      case REPLACE -> {
        child.pause();
        synchronized (this) {
          startMigrator();
        }
        Thread.sleep(LEASE_MILLIS + 2L * fault.millis());
        child.resume();
        Thread.sleep(fault.millis());
        child.kill();
      }
      default -> {
        synchronized (this) {
          child.kill();
          startMigrator();
        }
      }
    }
  }

  /** Returns how many schedules have begun. */
  int begun() {
    return begun.get();
  }

  /** Returns the end of a schedule's log of commands, for the report of a failure. */
  String log(Schedule schedule) {
    String text =
        Signal.read(
            setup.folder(setup.tables().get(schedules.indexOf(schedule))).resolve("migrate.log"));
    return text.substring(Math.max(0, text.length() - 6_000));
  }

  @Override
  public void close() throws Exception {
    over = true;
    for (ExecutorService line : List.of(serverFaults, writerFaults, migratorFaults)) {
      line.shutdown();
      if (!line.awaitTermination(2, TimeUnit.MINUTES)) {
        line.shutdownNow();
      }
    }
    for (Child child : new Child[] {dimstoreWriter, plainWriter, migrator}) {
      if (child != null) {
        child.kill();
      }
    }
    try (Admin admin = connection.getAdmin()) {
      admin.removeReplicationPeer(peer);
    } finally {
      from.close();
      to.close();
      connection.close();
    }
  }
}
