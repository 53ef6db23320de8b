// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.migration.certificate.Certificate;
import io.dimstore.migration.certificate.Certificates;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.migration.phase.Transition;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate certificate}. */
@Command(
    name = "certificate",
    description =
        "Writes the certificate of the last cut-over: its gates, their limits, what was measured and"
            + " when, and the SHA-256 of all evidence. With --check, compares such a file with the"
            + " stored records instead. Ends with exit code 3 if there is none, or if it is not"
            + " genuine. Needs only the new store.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate certificate --from hbase-redis --to dynamodb --dimension user \\",
      "      --json certificate.json --html certificate.html",
      "  bin/dimstore migrate certificate --from hbase-redis --to dynamodb --dimension user \\",
      "      --check certificate.json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CertificateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private StepOptions options;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "File to write a self-contained page to, for people.")
  private @Nullable Path html;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Certificate to check, as --json has written it.")
  private @Nullable Path check;

  @Override
  public Integer call() throws InterruptedException {
    if (check != null && (json != null || html != null)) {
      throw Usage.error("--check does not go with --json or --html");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = options.openWithoutOldStore()) {
      MigrationState state = migration.state();
      int exitCode =
          check == null
              ? write(migration, state, out)
              : check(migration.certificates(), check, out);
      out.flush();
      return exitCode;
    }
  }

  private int write(OpenMigration migration, MigrationState state, PrintWriter out)
      throws InterruptedException {
    Optional<Certificate> found = migration.certificates().newest();
    List<LogEntry> log = migration.runner().log();
    LogEntry done = found.isEmpty() ? null : completed(found.get(), log);
    if (found.isEmpty() || done == null) {
      out.println("There is no certificate: " + migration.tableName() + " was not cut over");
      return ExitCodes.NEGATIVE;
    }
    Certificate certificate = found.get();
    List<String> problems = migration.certificates().check(certificate);
    problems.forEach(problem -> out.println("WARNING: " + problem));
    out.println(
        "certificate "
            + certificate.sha256()
            + " of "
            + certificate.table()
            + ": decided at "
            + certificate.decidedAt()
            + " by "
            + certificate.by()
            + ", carried out at "
            + done.at()
            + (certificate.forced() == null
                ? ", all gates held"
                : ", FORCED: " + certificate.forced()));
    certificate
        .gates()
        .forEach(
            gate ->
                out.printf(
                    "  %-4s %-20s %s%n",
                    gate.outcome() == io.dimstore.migration.gate.GateResult.Outcome.HOLDS
                        ? "ok"
                        : "no",
                    gate.gate(),
                    gate.text()));
    certificate
        .weakerLimits()
        .forEach(weaker -> out.println("limit that is weaker than the default: " + weaker));
    if (json != null) {
      ResultFile.writeText(json, StateJson.indented(certificate));
    }
    if (html != null) {
      CertificatePage.write(certificate, done, state, problems, html);
    }
    return problems.isEmpty() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  /** Returns the log entry of the cut-over that this certificate decided, or null. */
  private static @Nullable LogEntry completed(Certificate certificate, List<LogEntry> log) {
    return log.stream()
        .filter(entry -> entry.transition() == Transition.CUTOVER && entry.succeeded())
        .filter(
            entry ->
                entry.text().contains(certificate.sha256())
                    || !entry.at().isBefore(certificate.decidedAt()))
        .findFirst()
        .orElse(null);
  }

  private static int check(Certificates certificates, Path file, PrintWriter out)
      throws InterruptedException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw Usage.badValue("--check", file, "cannot be read (" + e + ")");
    }
    Certificate certificate = StateJson.parse(file.toString(), text, Certificate.class);
    List<String> problems = certificates.check(certificate);
    problems.forEach(out::println);
    out.println(
        problems.isEmpty()
            ? "genuine: certificate " + certificate.sha256() + ", and all its evidence is stored"
            : "NOT genuine");
    return problems.isEmpty() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }
}
