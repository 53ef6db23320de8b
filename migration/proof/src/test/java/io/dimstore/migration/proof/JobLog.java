// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The log of the tasks of a Flink job, which all its processes append to. Its lines begin with what
 * they are about. Thread-safe.
 */
final class JobLog {

  /** A task has begun. */
  static final String OPENED = "opened";

  /** The source of changes continues at a number. */
  static final String RESTORED = "restored";

  /** A change is about to be sent. */
  static final String SENDING = "sending";

  /** A completed checkpoint contains all changes below a number. */
  static final String CHECKPOINTED = "checkpointed";

  /** A lookup is about to be sent. */
  static final String ASKING = "asking";

  /** A lookup was answered. */
  static final String ANSWERED = "answered";

  private static final String NULL = "null";

  /** The logs that this process has opened. An interrupt of a task would close a channel. */
  private static final Map<String, FileOutputStream> OPEN = new ConcurrentHashMap<>();

  private JobLog() {}

  /** Appends a line with a number and the time. */
  static void append(String log, String kind, long number) {
    line(log, kind + " " + number + " " + System.currentTimeMillis());
  }

  /** Appends a row of the lookup join. */
  static void answered(
      String log, long number, String key, @Nullable String a, @Nullable Long b, long askedAt) {
    line(
        log,
        String.join(
            " ",
            ANSWERED,
            Long.toString(number),
            key,
            a == null ? NULL : a,
            b == null ? NULL : Long.toString(b),
            Long.toString(askedAt),
            Long.toString(System.currentTimeMillis())));
  }

  /** Returns the row of a line that begins with {@link #ANSWERED}. */
  static JobRecord.Answer answer(String[] words) {
    return new JobRecord.Answer(
        Long.parseLong(words[1]),
        words[2],
        words[3].equals(NULL) ? null : words[3],
        words[4].equals(NULL) ? null : Long.valueOf(words[4]),
        Long.parseLong(words[5]),
        Long.parseLong(words[6]));
  }

  /** Appends a line by one call of the system. */
  private static void line(String log, String line) {
    FileOutputStream file = OPEN.computeIfAbsent(log, JobLog::open);
    synchronized (file) {
      try {
        file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Opens a log. Its first line is empty, in case the last one of another process was cut off. */
  private static FileOutputStream open(String path) {
    try {
      FileOutputStream file = new FileOutputStream(path, true);
      file.write('\n');
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
