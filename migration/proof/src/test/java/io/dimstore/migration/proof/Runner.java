// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Carries schedules out, some at a time. System properties: {@code schedules}, how many (30, and at
 * most 50 for a defect); {@code seed}, that of the first one; {@code faults}, how many each has;
 * {@code at-once}; {@code pace}, by how much times are longer than on an idle machine; {@code
 * defect}, one that is planted, or all; {@code control}, whether all is as with the defect but the
 * defect itself, which shows what the machine alone brings about.
 */
final class Runner {

  private static final int SCHEDULES = Integer.getInteger("schedules", 30);
  private static final long SEED = Long.getLong("seed", 1);
  private static final int FAULTS = Integer.getInteger("faults", 3);
  private static final int AT_ONCE = Integer.getInteger("at-once", 10);

  static final boolean CONTROL = Boolean.getBoolean("control");

  /** So many have their tables created together; a table costs a little until its wave ends. */
  private static final int PER_WAVE = 30;

  private static final int SCHEDULES_OF_DEFECT = Integer.getInteger("schedules", 50);

  private Runner() {}

  /** Runs outside of JUnit. */
  public static void main(String[] args) throws Exception {
    if (System.getProperty("defect") == null) {
      System.exit(run().isEmpty() ? 0 : 1);
    }
    boolean found = true;
    for (Defect defect : defects()) {
      found &= !find(defect).isEmpty();
    }
    System.exit(found ? 0 : 1);
  }

  /** Returns the defects that the property {@code defect} names: one, some with commas, or all. */
  static List<Defect> defects() {
    String names = System.getProperty("defect", "all");
    return names.equals("all")
        ? List.of(Defect.values())
        : Arrays.stream(names.split(",", -1)).map(Defect::valueOf).toList();
  }

  /** Returns the reports of the schedules that have failed. */
  static List<String> run() throws Exception {
    return run(null, SCHEDULES);
  }

  /** Returns the reports of schedules that have found a planted defect: none if all have not. */
  static List<String> find(Defect defect) throws Exception {
    return run(defect, SCHEDULES_OF_DEFECT);
  }

  private static List<String> run(@Nullable Defect defect, int schedules) throws Exception {
    List<String> failures = new ArrayList<>();
    long begin = System.nanoTime();
    Path folder = Files.createDirectories(Path.of("target").toAbsolutePath().resolve("waves"));
    List<Path> planted =
        defect == null ? List.of() : CONTROL ? defect.leftOut() : defect.plant(folder);
    int failed = 0;
    try (Servers servers = new Servers(planted)) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      // They start within twenty seconds on a machine that has nothing else to do.
      double pace =
          Double.parseDouble(
              System.getProperty("pace", Double.toString(Math.min(2, Math.max(1, seconds / 20)))));
      System.out.printf(Locale.ROOT, "servers after %.1f s, pace %.1f%n", seconds, pace);
      for (int done = 0; done < schedules && (defect == null || failures.isEmpty()); ) {
        List<Schedule> some = new ArrayList<>();
        for (int i = done; i < Math.min(schedules, done + PER_WAVE); i++) {
          some.add(Schedule.of(SEED + i, FAULTS));
        }
        Path of = folder.resolve("w" + Long.toString(System.currentTimeMillis(), 36));
        try (Wave wave = new Wave(servers, of, some, AT_ONCE, pace, planted, defect)) {
          for (Wave.Failure failure : wave.run()) {
            String report = report(failure, wave, of);
            failed++;
            if (defect == null
                || Finding.isOfDefect(failure.text(), wave.log(failure.schedule()))) {
              failures.add(report);
            }
          }
          done += wave.begun();
        } finally {
          Files.copy(servers.hbaseLog(), of.resolve("hbase.log"));
        }
        System.out.printf(
            Locale.ROOT,
            "%s%d schedules, %d failed, %s%.1f s each%n",
            defect == null ? "" : (CONTROL ? "without" : "with") + " the defect " + defect + ": ",
            done,
            failed,
            defect == null ? "" : failures.size() + " of them as by a defect, ",
            (System.nanoTime() - begin) / 1e9 / done);
      }
    }
    return failures;
  }

  private static String report(Wave.Failure failure, Wave wave, Path folder) {
    String text =
        failure.schedule()
            + "\n  "
            + failure.text()
            + "\n  commands:\n"
            + wave.log(failure.schedule())
            + "\n  files: "
            + folder
            + "\n"
            + "  again: mvn -pl migration/proof verify -Dit.test=SchedulesIT -Dschedules=1 -Dseed="
            + failure.schedule().seed();
    System.out.println(text);
    return text;
  }
}
