package io.dimstore.bench;

import io.dimstore.bench.ArmReport.State;
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
import org.jspecify.annotations.Nullable;

/**
 * The process in which one arm runs: its own JVM, so that its CPU time can be told from that of the
 * servers and of the comparison. It ends when its standard input does, hence with this process.
 */
final class ArmProcess implements AutoCloseable {

  /** Stands first in the command line, before a class path that hides what comes after it. */
  static final String MARK = "-Ddimstore.arm=";

  private final String arm;
  private final Process process;
  private final Path log;
  private final LinkedBlockingQueue<ArmReport> reports = new LinkedBlockingQueue<>();

  private ArmProcess(String arm, Process process, Path log) {
    this.arm = arm;
    this.process = process;
    this.log = log;
  }

  static ArmProcess start(ArmPlan plan, Path work, Path log) {
    try {
      Path planFile = work.resolve(plan.arm() + ".json");
      plan.write(planFile);
      Files.deleteIfExists(log);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add(MARK + plan.arm());
      command.add("-Xmx2g");
      for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (flag.startsWith("--add-") || flag.startsWith("-Dorg.apache.hbase")) {
          command.add(flag);
        }
      }
      command.addAll(
          List.of(
              "-Dlog4j2.configurationFile=classpath:io/dimstore/bench/log4j2-arm.xml",
              "-Ddimstore.log=" + log,
              "-cp",
              System.getProperty("java.class.path"),
              ArmMain.class.getName(),
              planFile.toString(),
              work.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      ArmProcess started = new ArmProcess(plan.arm(), process, log);
      Thread reader = new Thread(started::readReports, "arm-" + plan.arm());
      reader.setDaemon(true);
      reader.start();
      return started;
    } catch (IOException e) {
      throw new CompareException("The process of arm " + plan.arm() + " did not start: " + e, e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Lets the loaded arm start its job, or the running arm stop it. */
  void proceed() {
    try {
      OutputStream in = process.getOutputStream();
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw new CompareException("Arm " + arm + " has ended. Its log: " + log, e);
    }
  }

  /**
   * Waits for a state.
   *
   * @param meanwhile is called again and again; throws when waiting has become useless
   */
  ArmReport await(State state, Duration limit, Runnable meanwhile) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      meanwhile.run();
      ArmReport report = next();
      if (report != null) {
        if (report.state() == state) {
          return report;
        }
        throw new CompareException(
            "Arm " + arm + " reported " + report.state() + " and not " + state + ". Log: " + log);
      }
      requireAlive();
    }
    throw new CompareException(
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
  void requireAlive() {
    ArmReport report = reports.peek();
    if (report != null && report.state() == State.FAILED) {
      throw failed(report);
    }
    if (!process.isAlive() && reports.isEmpty()) {
      throw new CompareException(
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
      throw new CompareException("interrupted", e);
    }
  }

  private CompareException failed(ArmReport report) {
    return new CompareException("Arm " + arm + " failed: " + report.message() + " Log: " + log);
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

  /** Ends the process, kindly at first. */
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
