package io.dimstore.writer;

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
    long shown = 0;
    while (!hasEnded(end)) {
      shown = showProgress(job, client, shown);
    }
    WriterResult result = job.await(client);
    out.print(result.table());
    out.flush();
    return 0;
  }

  private WriterOptions options() {
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

  /** Says how many records were read when there are more than were said before. */
  private long showProgress(DimWriterJob job, JobClient client, long shown)
      throws InterruptedException {
    long read;
    try {
      read = job.progress(client).read();
    } catch (WriterException e) {
      return shown; // between two attempts nobody answers; the end of the job tells the rest
    }
    if (read != shown) {
      say(String.format(Locale.ROOT, "%,d records read", read));
    }
    return read;
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
