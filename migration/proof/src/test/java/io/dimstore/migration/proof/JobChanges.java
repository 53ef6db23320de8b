// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.migration.proof.Op.How;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of a Flink job, by their number: a source that begins again at a number repeats them.
 * Some keys change all the time. Each other key is changed a few times and never again, so that no
 * later change hides one that was lost. Many changes arrive after a newer one of their key.
 */
final class JobChanges {

  static final int COLD_KEYS = 150;
  static final int PROBES = 8;

  private static final long FIRST_VERSION = 1_760_000_000_000L;
  private static final int HOT_KEYS = 20;

  /** How many keys later the second and the third change of a key follow. */
  private static final long SECOND = 30;

  private static final long THIRD = 60;

  private JobChanges() {}

  /** Returns what the table has before the migration. Every fifth row was deleted. */
  static List<Op> before() {
    List<Op> all = new ArrayList<>();
    for (int i = 0; i < COLD_KEYS; i++) {
      all.add(put(cold(i), 0));
      if (isDeleted(i)) {
        all.add(delete(cold(i), 10));
      }
    }
    for (int i = 0; i < PROBES; i++) {
      all.add(probe(i, 0));
    }
    return all;
  }

  /** Returns a row that only the test changes, to see which store answers. */
  static Op probe(int number, long version) {
    return put("p" + number, version);
  }

  static boolean isProbe(String key) {
    return key.startsWith("p");
  }

  private static String cold(long number) {
    return "c" + number;
  }

  private static boolean isDeleted(long cold) {
    return cold % 5 == 0;
  }

  /** Returns a change of the job. */
  static Op of(long number) {
    long n = number / 4;
    return switch ((int) (number % 4)) {
      case 0 -> hot(n);
      case 1 -> put("u" + n, 10);
      case 2 -> n < SECOND ? hot(n) : second(n - SECOND);
      default -> n < THIRD ? late(n) : third(n - THIRD);
    };
  }

  /** Returns a change of a key whose changes arrive in the order 1, 0, 3, 2, and so on. */
  private static Op hot(long n) {
    String key = "h" + n % HOT_KEYS;
    long version = (n / HOT_KEYS) ^ 1;
    return Long.hashCode(version * 31 + n % HOT_KEYS) % 4 == 0
        ? delete(key, version)
        : put(key, version);
  }

  private static Op second(long key) {
    return switch ((int) (key % 3)) {
      case 0 -> delete("u" + key, 20);
      case 1 -> put("u" + key, 20);
      default -> put("u" + key, 5); // late
    };
  }

  private static Op third(long key) {
    return switch ((int) (key % 3)) {
      case 0 -> put("u" + key, 15); // late: the row stays deleted
      case 1 -> late(key);
      default -> put("u" + key, 10); // sent again
    };
  }

  /** Returns a put that was deleted before the migration. */
  private static Op late(long n) {
    return put(cold(n * 5 % COLD_KEYS), 5);
  }

  /** Returns the key of a lookup, given how many changes were sent before. */
  static String asked(long number, long sent) {
    long n = number / 4;
    return switch ((int) (number % 4)) {
      case 0 -> "h" + n % HOT_KEYS;
      case 1 -> "u" + n * 7_919 % Math.max(1, sent / 4);
      case 2 -> cold(n % COLD_KEYS);
      default -> "p" + n % PROBES;
    };
  }

  private static Op put(String key, long version) {
    return new Op(key, FIRST_VERSION + version, How.PUT, Put.NEVER);
  }

  private static Op delete(String key, long version) {
    return new Op(key, FIRST_VERSION + version, How.DELETE, Put.NEVER);
  }
}
