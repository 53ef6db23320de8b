package io.dimstore.writer;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.StoreException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code write run}. */
@Command(
    name = "run",
    description =
        "Writes the changes of dimension rows from their topics into a store. What is no change goes"
            + " to the dead-letter topic with the reason. Runs in this process, or on a cluster when"
            + " started by 'flink run'.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write run --bootstrap localhost:9092 --store dynamodb \\",
      "      --store-option endpoint=http://localhost:8000 --bounded",
      "  bin/dimstore write run --bootstrap localhost:9092 --store hbase-redis \\",
      "      --store-option zookeeper.quorum=zk:2181 --store-option redis.host=cache",
      "  bin/dimstore write run --bootstrap broker:9092 --store dynamodb --dimension user \\",
      "      --topic user=crm.users --kafka security.protocol=SSL --print-sql"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {

  private static final int PROGRESS_SECONDS = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka: brokers, separated by commas.")
  private String bootstrap;

  @Mixin private StoreArguments store;

  @Option(
      names = "--topic",
      paramLabel = "DIMENSION=TOPIC",
      description = "Another topic than dim-user-changes, dim-item-changes. Repeatable.")
  private Map<String, String> topics = new LinkedHashMap<>();

  @Option(
      names = "--dead-letters",
      paramLabel = "TOPIC",
      description =
          "Topic for what is no change; created unless it is there. Default: ${DEFAULT-VALUE}.")
  private String deadLetters = "dim-dead-letters";

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "Consumer group. Default: ${DEFAULT-VALUE}.")
  private String group = "dim-writer";

  @Option(
      names = "--start",
      paramLabel = "WHERE",
      description =
          "Without a checkpoint, begin at: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private StartFrom start = StartFrom.EARLIEST;

  @Option(names = "--bounded", description = "End at what the topics hold now, and print counts.")
  private boolean bounded;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Of all operators. Default: 0, which leaves it to Flink.")
  private int parallelism;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "DURATION",
      description = "In ISO-8601; PT0S for none. Default: ${DEFAULT-VALUE}.")
  private Duration checkpointInterval = Duration.ofSeconds(10);

  @Option(
      names = "--max-ahead",
      paramLabel = "DURATION",
      description =
          "How far a version may lie ahead of its record's arrival, by the broker's clock where the"
              + " topic has LogAppendTime, else by the job's. In ISO-8601. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration maxAhead = Duration.ofMinutes(5);

  @Option(
      names = "--any-version",
      description = "Versions are no epoch milliseconds: compare them with no clock.")
  private boolean anyVersion;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "Setting of the Kafka clients, for instance of security. Repeatable.")
  private Map<String, String> kafka = new LinkedHashMap<>();

  @Option(
      names = "--no-check",
      description = "Do not ask Kafka and the store first: they are out of reach from here.")
  private boolean noCheck;

  @Option(names = "--print-sql", description = "Show the SQL, secrets hidden, and run nothing.")
  private boolean printSql;

  @Override
  public Integer call() throws InterruptedException {
    WriterOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    if (printSql) {
      out.print(DimWriterJob.sql(options));
      out.flush();
      return 0;
    }
    if (!noCheck) {
      Preflight.check(options);
    }
    DimWriterJob job =
        DimWriterJob.build(StreamExecutionEnvironment.getExecutionEnvironment(), options);
    JobClient client = job.execute();
    say("job " + client.getJobID() + ": " + options.routes() + " of store " + options.store());
    CompletableFuture<?> end = client.getJobExecutionResult();
    StoreFigures figures = new StoreFigures(options.store());
    Shown shown = new Shown(0, "");
    while (!hasEnded(end)) {
      shown = showProgress(job, client, figures, shown);
    }
    WriterResult result = job.await(client);
    out.print(result.table());
    figures.counts().forEach(count -> out.println(options.store() + ": " + count));
    if (figures.areHere()) {
      showBacklogs(options, out);
    }
    out.flush();
    return 0;
  }

  /** Of the tables that have copies, what these are owed still. */
  private void showBacklogs(WriterOptions options, PrintWriter out) throws InterruptedException {
    try {
      for (WriterOptions.Route route : options.routes()) {
        StoreTable table = StoreTable.of(options.store(), options.storeOptions(), route);
        try (DimensionStore open = table.open()) {
          if (open.table(table.spec()) instanceof Maintenance copies) {
            Maintenance.Backlog backlog = Backlogs.of(copies);
            out.println(
                route.table()
                    + ": "
                    + Backlogs.line(backlog)
                    + (backlog.keys() == 0 ? "" : "; 'write repair' settles it"));
          }
        }
      }
    } catch (StoreException e) {
      say("What copies are owed cannot be told: " + WriterException.line(e));
    }
  }

  private WriterOptions options() {
    if (store.store().isBlank()) {
      throw new ParameterException(
          spec.commandLine(),
          "--store is missing: give the store's id, such as dynamodb or hbase-redis");
    }
    try {
      return WriterOptions.builder(bootstrap, store.store())
          .storeOptions(store.options())
          .routes(store.routes(topics))
          .deadLetterTopic(deadLetters)
          .groupId(group)
          .startFrom(start)
          .bounded(bounded)
          .parallelism(parallelism)
          .checkpointInterval(checkpointInterval)
          .maxAhead(anyVersion ? null : maxAhead)
          .kafkaProperties(kafka)
          .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static boolean hasEnded(CompletableFuture<?> end) throws InterruptedException {
    try {
      end.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true; // the wait for the result tells why
    }
  }

  /** What the last line of progress said: the records, and the state of the store. */
  private record Shown(long read, String state) {}

  /** Says how far it is when that has changed. */
  private Shown showProgress(DimWriterJob job, JobClient client, StoreFigures figures, Shown shown)
      throws InterruptedException {
    long read = shown.read;
    try {
      read = job.progress(client).read();
    } catch (WriterException e) {
      // Between two attempts nobody answers; the end of the job tells the rest.
    }
    Shown now = new Shown(read, figures.state());
    if (!now.equals(shown)) {
      String values = figures.values();
      say(
          String.format(Locale.ROOT, "%,d records read", read)
              + (values.isEmpty() ? "" : "; " + ofStore(values)));
    }
    return now;
  }

  private String ofStore(String values) {
    return store.store() + ": " + values;
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
