package io.dimstore.bench;

import io.dimstore.events.EventInput;
import io.dimstore.events.EventStreamException;
import io.dimstore.events.GeneratorOptions;
import io.dimstore.events.ReplayFormat;
import io.dimstore.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code compare}: see its help. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the identical feature job on every path, on real servers that it starts itself,",
      "and says whether the results are the same and what each path took.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bin/dimstore compare",
      "  bin/dimstore compare --profile quick --arms hbase-redis,dynamodb",
      "  bin/dimstore compare --profile full --input data.csv.gz --format online-retail",
      "",
      "Exit code: 0 all arms are right and alike, 1 they are not or the run failed, 2 usage."
    })
final class CompareCommand implements Callable<Integer> {

  private static final String GENERATE = "generate";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "smoke|quick|full",
      defaultValue = "smoke",
      description =
          "How much: smoke (default) 10,000 events, quick 100,000, full 1,000,000 or all.")
  private String profileName = "smoke";

  @Option(
      names = "--input",
      paramLabel = "generate|FILE",
      defaultValue = GENERATE,
      description = "Seeded made-up events (default), or a file to replay, plain or .gz.")
  private String inputName = GENERATE;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "The file's format: online-retail or user-behavior.")
  private @Nullable String format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Read or generate N lines at most, whatever the profile says.")
  private @Nullable Long limit;

  @Option(
      names = "--arms",
      paramLabel = "ARM,…",
      split = ",",
      description = "Which arms: memory, hbase-redis, dynamodb, stock-hbase. All by default.")
  private List<String> armNames = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/compare",
      description =
          "Where results.json, report.html and the arms' logs go (default ${DEFAULT-VALUE}).")
  private Path out = Path.of("out/compare");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "For made-up events and the order of the arms (default ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "2",
      description = "Of the job, and partitions per topic (default ${DEFAULT-VALUE}).")
  private int parallelism = 2;

  @Override
  public Integer call() {
    CompareSettings settings = settings();
    PrintWriter stdout = commandLine().getOut();
    try {
      Progress progress = new Progress(System.err);
      Results results = new Compare(settings, progress).run();
      Path json = settings.out().resolve("results.json");
      Path html = settings.out().resolve("report.html");
      results.write(json);
      HtmlReport.write(results, html);
      stdout.println();
      stdout.print(ConsoleTable.of(results));
      stdout.println();
      results.problems().forEach(problem -> stdout.println("  ! " + problem));
      stdout.println(
          results.identical()
              ? "Results are identical: every row of every arm equals the oracle's."
              : "Results are NOT identical.");
      stdout.println("Report: " + html + "   Figures: " + json);
      stdout.flush();
      return results.identical() ? 0 : 1;
    } catch (CompareException | StackException | EventStreamException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed("A file could not be written or read: " + e);
    }
  }

  private CompareSettings settings() {
    Profile profile =
        Arrays.stream(Profile.values())
            .filter(p -> p.id().equals(profileName.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(
                () -> usage("--profile '" + profileName + "' is none of smoke, quick, full"));
    if (limit != null && limit < 2) {
      throw usage("--limit must be at least 2");
    }
    if (parallelism < 1 || parallelism > 64) {
      throw usage("--parallelism must be 1 to 64");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw usage("--out " + out + " is a file; name a folder");
    }
    return new CompareSettings(
        profile.id(),
        input(profile),
        arms(),
        out,
        seed,
        parallelism,
        profile.pacedEvents,
        profile.pacedPerSecond);
  }

  private EventInput input(Profile profile) {
    if (inputName.equals(GENERATE)) {
      if (format != null) {
        throw usage("--format goes with --input FILE");
      }
      return EventInput.generate(
          GeneratorOptions.defaults()
              .withSeed(seed)
              .withCount(limit == null ? profile.events : limit));
    }
    Path file = Path.of(inputName);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw usage("--input " + file + " is not a file that can be read (nor 'generate')");
    }
    if (format == null) {
      throw usage("--input FILE needs --format online-retail or --format user-behavior");
    }
    try {
      long lines =
          limit != null ? limit : profile == Profile.FULL ? EventInput.ALL : profile.events;
      return EventInput.replay(file, ReplayFormat.of(format), lines);
    } catch (IllegalArgumentException e) {
      throw usage("--format " + e.getMessage());
    }
  }

  private List<Arm> arms() {
    if (armNames.isEmpty()) {
      return List.of(Arm.values());
    }
    List<Arm> arms = new ArrayList<>();
    for (String name : armNames) {
      Arm arm =
          Arrays.stream(Arm.values())
              .filter(a -> a.id().equals(name.trim()))
              .findFirst()
              .orElseThrow(
                  () ->
                      usage(
                          "--arms '"
                              + name
                              + "' is none of "
                              + Arrays.stream(Arm.values())
                                  .map(Arm::id)
                                  .collect(Collectors.joining(", "))));
      if (!arms.contains(arm)) {
        arms.add(arm);
      }
    }
    return arms;
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }

  private int failed(String message) {
    PrintWriter err = commandLine().getErr();
    err.println("error: " + message);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private CommandLine commandLine() {
    return java.util.Objects.requireNonNull(spec).commandLine();
  }
}
