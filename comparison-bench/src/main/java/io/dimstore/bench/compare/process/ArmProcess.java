// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.subject.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts and controls the process of one arm. Each arm has its own JVM, so that its CPU time does
 * not include that of the servers and of the comparison. The arm's process exits when its standard
 * input ends, and therefore also when this process exits.
 */
public final class ArmProcess implements AutoCloseable {

  /**
   * System property that identifies an arm's process. It comes first on the command line, because
   * the long class path hides later arguments.
   */
  public static final String MARK = "-Ddimstore.arm=";

  private final String arm;
  private final Process process;
  private final Path log;
  private final Path recording;
  private final LinkedBlockingQueue<ArmReport> reports = new LinkedBlockingQueue<>();

  private ArmProcess(String arm, Process process, Path log, Path recording) {
    this.arm = arm;
    this.process = process;
    this.log = log;
    this.recording = recording;
  }

  public static ArmProcess start(ArmPlan plan, WorkFolder work, Path log) {
    return start(ArmMain.class, plan, work, log);
  }

  /**
   * Starts an arm with a main class of its own.
   *
   * @param main a class that runs {@link ArmControl#main}
   */
  public static ArmProcess start(Class<?> main, ArmPlan plan, WorkFolder work, Path log) {
    try {
      Path planFile = work.path().resolve(plan.arm() + ".json");
      plan.write(planFile);
      Files.deleteIfExists(log);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add(MARK + plan.arm());
      command.add("-Xmx2g");
      // Otherwise the first use of each page of the heap is CPU time of the thread that uses it.
      command.add("-Xms1g");
      command.add("-XX:+AlwaysPreTouch");
      // Flink and native libraries leave files in the temp folder when the process is halted.
      command.add("-Djava.io.tmpdir=" + work.folder("tmp-" + plan.arm()));
      command.add("-XX:-UsePerfData");
      // Flink's chains of operators are deeper than the recorder's default, which cuts stacks off.
      command.add("-XX:FlightRecorderOptions:stackdepth=256");
      // Fewer samples of compiled code lack the methods that the compiler has inlined.
      command.add("-XX:+UnlockDiagnosticVMOptions");
      command.add("-XX:+DebugNonSafepoints");
      for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (flag.startsWith("--add-") || flag.startsWith("-Dorg.apache.hbase")) {
          command.add(flag);
        }
      }
      command.addAll(
          List.of(
              "-Dlog4j2.configurationFile=classpath:io/dimstore/bench/compare/process/log4j2-arm.xml",
              "-Ddimstore.log=" + log,
              "-cp",
              System.getProperty("java.class.path"),
              main.getName(),
              planFile.toString(),
              work.path().toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      work.addWriter(process);
      ArmProcess started =
          new ArmProcess(plan.arm(), process, log, CpuRecording.file(work.path(), plan.arm()));
      Thread reader = new Thread(started::readReports, "arm-" + plan.arm());
      reader.setDaemon(true);
      reader.start();
      return started;
    } catch (IOException e) {
      throw new BenchException("The process of arm " + plan.arm() + " did not start: " + e, e);
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Lets a loaded arm start its job, or lets a running arm stop its job. */
  public void proceed() {
    send('\n');
  }

  /**
   * Returns what the process has used since it started, see {@link ArmReport.State#USAGE}.
   *
   * @param meanwhile called repeatedly while waiting; throws if waiting is no longer useful
   */
  public ArmReport usage(Duration limit, Runnable meanwhile) {
    send(ArmControl.ASK_USAGE);
    return await(State.USAGE, limit, meanwhile);
  }

  /** Begins to record samples of what the threads of the process execute. */
  public void record() {
    send(ArmControl.RECORD);
  }

  /**
   * Ends the recording.
   *
   * @param meanwhile called repeatedly while waiting; throws if waiting is no longer useful
   * @return the file of the flight recorder, in the folder of the run
   */
  public Path endRecord(Duration limit, Runnable meanwhile) {
    send(ArmControl.END_RECORD);
    var unused = await(State.RECORDED, limit, meanwhile);
    return recording;
  }

  private void send(char request) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(request);
      in.flush();
    } catch (IOException e) {
      throw new BenchException("Arm " + arm + " has ended. Its log: " + log, e);
    }
  }

  /**
   * Waits until the arm reports a state.
   *
   * @param meanwhile called repeatedly while waiting; throws if waiting is no longer useful
   */
  public ArmReport await(State state, Duration limit, Runnable meanwhile) {
    return await(state, limit, meanwhile, report -> {});
  }

  /**
   * Does the same and passes on each report of LOADING.
   *
   * @param loading receives the reports, on the calling thread
   */
  public ArmReport await(
      State state, Duration limit, Runnable meanwhile, Consumer<ArmReport> loading) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      meanwhile.run();
      ArmReport report = next();
      if (report != null) {
        if (report.state() == state) {
          return report;
        }
        if (report.state() == State.LOADING) {
          loading.accept(report);
          continue;
        }
        throw new BenchException(
            "Arm " + arm + " reported " + report.state() + " and not " + state + ". Log: " + log);
      }
      requireAlive();
    }
    throw new BenchException(
        "Arm "
            + arm
            + " did not reach "
            + state
            + " within "
            + limit.toSeconds()
            + " s. Its log: "
            + log);
  }

  /** Fails when the arm has reported a failure or has ended. */
  public void requireAlive() {
    ArmReport report = reports.peek();
    if (report != null && report.state() == State.FAILED) {
      throw failed(report);
    }
    if (!process.isAlive() && reports.isEmpty()) {
      throw new BenchException(
          "Arm " + arm + " has ended with exit code " + process.exitValue() + ". Its log: " + log);
    }
  }

  private @Nullable ArmReport next() {
    try {
      ArmReport report = reports.poll(50, TimeUnit.MILLISECONDS);
      if (report != null && report.state() == State.FAILED) {
        throw failed(report);
      }
      return report;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  private BenchException failed(ArmReport report) {
    return new BenchException("Arm " + arm + " failed: " + report.message() + "; log: " + log);
  }

  private void readReports() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(ArmReport.PREFIX)) {
          reports.add(ArmReport.parse(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends the process by closing its standard input. Kills the process if it has not exited 10
   * seconds later.
   */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
