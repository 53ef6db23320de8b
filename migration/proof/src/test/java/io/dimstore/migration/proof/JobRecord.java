// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a Flink job have sent and read, by their {@link JobLog}, which outlives their
 * processes. Thread-safe.
 */
final class JobRecord {

  /**
   * A row of the lookup join.
   *
   * @param number the number of the lookup
   * @param asked epoch milliseconds before the lookup
   * @param answered epoch milliseconds after it
   */
  record Answer(
      long number, String key, @Nullable String a, @Nullable Long b, long asked, long answered) {

    @Nullable Put put() {
      return b == null ? null : new Put(Key.of(key), Row.of(a, b), b);
    }
  }

  private final OpLog.Tail log;
  private final Model model = new Model();
  private final List<Long> restored = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final TreeMap<String, Long> probes = new TreeMap<>();
  private long attempts;
  private long sent;
  private long acknowledged;
  private long asked;

  JobRecord(Path log) {
    this.log = new OpLog.Tail(log);
  }

  /** Notes a change that the test has written. */
  synchronized void written(Op op) {
    model.begun(op, System.currentTimeMillis());
    model.acknowledged(op.key(), op.version(), System.currentTimeMillis());
  }

  private void update() {
    log.read(this::add);
  }

  private void add(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case JobLog.OPENED -> attempts++;
      case JobLog.RESTORED -> {
        restored.add(Long.parseLong(words[1]));
        checkpointed(Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
      case JobLog.SENDING -> {
        long number = Long.parseLong(words[1]);
        model.begun(JobChanges.of(number), Long.parseLong(words[2]));
        sent = Math.max(sent, number + 1);
      }
      case JobLog.CHECKPOINTED -> checkpointed(Long.parseLong(words[1]), Long.parseLong(words[2]));
      case JobLog.ASKING -> asked = Math.max(asked, Long.parseLong(words[1]) + 1);
      case JobLog.ANSWERED -> answered(JobLog.answer(words));
      default -> {
        // An empty line, at which a process began.
      }
    }
  }

  /** A completed checkpoint contains all changes below a number. */
  private void checkpointed(long end, long at) {
    for (; acknowledged < end; acknowledged++) {
      Op op = JobChanges.of(acknowledged);
      model.acknowledged(op.key(), op.version(), at);
    }
  }

  private void answered(Answer answer) {
    answers.add(answer);
    if (JobChanges.isProbe(answer.key())) {
      probes.put(answer.key(), answer.b() == null ? -1 : answer.b());
    }
  }

  /** Returns at which changes the source has continued. */
  synchronized List<Long> restored() {
    update();
    return List.copyOf(restored);
  }

  /** Returns how often a task of the job has begun. */
  synchronized long attempts() {
    update();
    return attempts;
  }

  synchronized long sent() {
    update();
    return sent;
  }

  /** Returns how many changes are contained in completed checkpoints. */
  synchronized long acknowledged() {
    update();
    return acknowledged;
  }

  synchronized long answers() {
    update();
    return answers.size();
  }

  /** Forgets the answers about the probes. */
  synchronized void forgetProbes() {
    update();
    probes.clear();
  }

  /** Returns the newest answer about each probe that was asked for since: its version. */
  synchronized List<Long> probes() {
    update();
    return List.copyOf(probes.values());
  }

  /** Returns what the stores must have, once the job has ended with a savepoint. */
  synchronized Model model() {
    update();
    checkpointed(sent, System.currentTimeMillis());
    return model;
  }

  /**
   * Returns wrong answers, and lookups without an answer, once the job has ended.
   *
   * @param bound by how many milliseconds an answer may be late
   */
  synchronized List<String> problems(long bound) {
    update();
    List<String> found = new ArrayList<>();
    Set<Long> unanswered = new TreeSet<>();
    for (long i = 0; i < asked; i++) {
      unanswered.add(i);
    }
    for (Answer answer : answers) {
      unanswered.remove(answer.number);
      String problem = JobChanges.isProbe(answer.key) ? null : problem(answer, bound);
      if (problem != null) {
        found.add(answer + ": " + problem + "\n" + model.history(answer.key));
      }
    }
    if (!unanswered.isEmpty()) {
      found.add("no answer to the lookups " + unanswered);
    }
    return found;
  }

  private @Nullable String problem(Answer answer, long bound) {
    return model.problem(
        answer.key, answer.put(), answer.asked - bound, answer.asked, answer.answered);
  }
}
