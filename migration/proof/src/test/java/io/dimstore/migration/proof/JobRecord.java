// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a Flink job have sent and read. They run in this JVM, so it outlives their
 * restarts. Thread-safe.
 */
final class JobRecord {

  /**
   * A row of the lookup join.
   *
   * @param number the number of the lookup
   * @param asked epoch milliseconds before the lookup
   * @param answered epoch milliseconds after it
   */
  private record Answer(
      long number, String key, @Nullable String a, @Nullable Long b, long asked, long answered) {

    @Nullable Put put() {
      return b == null ? null : new Put(Key.of(key), Row.of(a, b), b);
    }
  }

  private final Model model = new Model();
  private final List<Long> restored = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final TreeMap<String, Long> probes = new TreeMap<>();
  private long sent;
  private long acknowledged;
  private long asked;

  synchronized void written(Op op) {
    model.begun(op, System.currentTimeMillis());
    model.acknowledged(op.key(), op.version(), System.currentTimeMillis());
  }

  synchronized void sending(long number) {
    model.begun(JobChanges.of(number), System.currentTimeMillis());
    sent = Math.max(sent, number + 1);
  }

  /** Notes that a completed checkpoint contains all changes below a number. */
  synchronized void checkpointed(long end) {
    for (; acknowledged < end; acknowledged++) {
      Op op = JobChanges.of(acknowledged);
      model.acknowledged(op.key(), op.version(), System.currentTimeMillis());
    }
  }

  /** Notes that the source continues at a change. */
  synchronized void restored(long next) {
    restored.add(next);
    checkpointed(next);
  }

  synchronized List<Long> restored() {
    return List.copyOf(restored);
  }

  synchronized long sent() {
    return sent;
  }

  /** Returns how many changes are contained in completed checkpoints. */
  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized long answers() {
    return answers.size();
  }

  synchronized void asking(long number) {
    asked = Math.max(asked, number + 1);
  }

  synchronized void answered(
      long number, String key, @Nullable String a, @Nullable Long b, long askedAt) {
    answers.add(new Answer(number, key, a, b, askedAt, System.currentTimeMillis()));
    if (JobChanges.isProbe(key)) {
      probes.put(key, b == null ? -1 : b);
    }
  }

  /** Forgets the answers about the probes. */
  synchronized void forgetProbes() {
    probes.clear();
  }

  /** Returns the newest answer about each probe that was asked for since: its version. */
  synchronized List<Long> probes() {
    return List.copyOf(probes.values());
  }

  /** Returns what the stores must have, once the job has ended. */
  synchronized Model model() {
    checkpointed(sent);
    return model;
  }

  /**
   * Returns wrong answers, and lookups without an answer, once the job has ended.
   *
   * @param bound by how many milliseconds an answer may be late
   */
  synchronized List<String> problems(long bound) {
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
