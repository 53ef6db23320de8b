// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.measure.ThreadUsage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of an arm's process that talks to {@link ArmProcess}. A line on standard input lets the
 * arm go on to its next step. The character {@value #ASK_USAGE} requests a report of the CPU time,
 * allocations and requests so far, {@value #RECORD} begins to record CPU samples, and {@value
 * #END_RECORD} ends that. The process exits when its standard input ends. Thread-safe.
 */
public final class ArmControl {

  static final char ASK_USAGE = 'u';
  static final char RECORD = 'r';
  static final char END_RECORD = 'e';

  private final PrintStream reports;
  private final Supplier<Map<String, Double>> requests;
  private final ThreadUsage threads = new ThreadUsage();
  private final CpuRecording recording;
  private final Semaphore lines = new Semaphore(0);

  private ArmControl(
      PrintStream reports, Supplier<Map<String, Double>> requests, CpuRecording recording) {
    this.reports = reports;
    this.requests = requests;
    this.recording = recording;
  }

  /** What an arm does. */
  public interface Body {

    /**
     * Runs the arm to its end.
     *
     * @param work the folder of the run
     */
    void run(ArmPlan plan, Path work, ArmControl control) throws Exception;
  }

  /** Counts the requests that a process has sent so far, named as in a report. */
  public interface Requests {

    Map<String, Double> of(ArmPlan plan);
  }

  /**
   * Runs an arm and ends the process. A failure is reported and ends it with exit code 1.
   *
   * @param args the file of an {@link ArmPlan} and the folder of the run
   */
  public static void main(String[] args, Requests requests, Body body) throws IOException {
    ArmPlan plan = ArmPlan.read(Path.of(args[0]));
    PrintStream reports = System.out;
    System.setOut(System.err);
    CpuRecording recording = new CpuRecording(CpuRecording.file(Path.of(args[1]), plan.arm()));
    ArmControl control = new ArmControl(reports, () -> requests.of(plan), recording);
    try {
      control.watchInput();
      body.run(plan, Path.of(args[1]), control);
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace(System.err);
      control.print(new ArmReport(State.FAILED, rootMessage(e), Map.of()));
      System.exit(1);
    }
  }

  /** Reports that a state is reached. */
  public void report(State state, Map<String, Double> counts) {
    print(new ArmReport(state, null, counts));
  }

  private synchronized void print(ArmReport report) {
    reports.println(report.line());
    reports.flush();
  }

  /** Waits for a line. */
  public void awaitLine() throws InterruptedException {
    lines.acquire();
  }

  /** Waits a short time for a line. Returns whether there was one. */
  public boolean pollLine() throws InterruptedException {
    return lines.tryAcquire(100, TimeUnit.MILLISECONDS);
  }

  /**
   * Ends this process as soon as standard input ends, which happens when the parent process exits.
   */
  private void watchInput() {
    Thread watcher =
        new Thread(
            () -> {
              try {
                for (int read = System.in.read(); read >= 0; read = System.in.read()) {
                  obey((char) read);
                }
              } catch (IOException e) {
                // Treated like the end of the input: the parent process is gone.
              }
              Runtime.getRuntime().halt(1);
            },
            "standard-input");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void obey(char request) {
    switch (request) {
      case ASK_USAGE -> reportUsage();
      case RECORD -> recording.begin();
      case END_RECORD -> {
        recording.end();
        report(State.RECORDED, Map.of());
      }
      default -> lines.release();
    }
  }

  private void reportUsage() {
    ThreadUsage.Usage usage = threads.read();
    Map<String, Double> counts = new TreeMap<>(requests.get());
    usage.cpuNanos().forEach((group, nanos) -> counts.put(ArmReport.CPU + group, (double) nanos));
    counts.put(ArmReport.ALLOCATED, (double) usage.allocatedBytes());
    report(State.USAGE, counts);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    @Nullable Throwable cause = root.getCause();
    while (cause != null) {
      root = cause;
      cause = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
