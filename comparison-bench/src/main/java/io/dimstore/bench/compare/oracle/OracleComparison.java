// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import io.dimstore.bench.compare.oracle.FeatureRows.Arrived;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The result of comparing one arm's rows with the oracle's.
 *
 * @param mismatches number of rows that are missing, unexpected or different, over both feature
 *     sets
 * @param first descriptions of the first mismatches, ordered by event id within a feature set
 * @param sha256 hash over all rows, each followed by a line feed: first the risk rows, then the
 *     marketing rows, each ordered by event id
 */
public record OracleComparison(long mismatches, List<String> first, String sha256) {

  private static final int SHOWN = 5;

  public static OracleComparison of(FeatureRows risk, FeatureRows marketing, Expected expected) {
    Check check = new Check();
    check.compare("risk", risk.byEvent(), expected.risk());
    check.compare("marketing", marketing.byEvent(), expected.marketing());
    return new OracleComparison(
        check.mismatches,
        List.copyOf(check.first),
        HexFormat.of().formatHex(check.digest.digest()));
  }

  static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static final class Check {
    private final MessageDigest digest = sha256();
    private final List<String> first = new ArrayList<>();
    private long mismatches;

    void compare(String set, Map<String, Arrived> actual, Map<String, byte[]> expected) {
      TreeSet<String> ids = new TreeSet<>(expected.keySet());
      ids.addAll(actual.keySet());
      for (String id : ids) {
        Arrived row = actual.get(id);
        byte[] wanted = expected.get(id);
        if (row != null) {
          digest.update(row.json());
          digest.update((byte) '\n');
        }
        if (row == null || wanted == null || !Arrays.equals(row.json(), wanted)) {
          mismatches++;
          if (first.size() < SHOWN) {
            first.add(describe(set, id, row, wanted));
          }
        }
      }
    }

    private static String describe(
        String set,
        String id,
        @org.jspecify.annotations.Nullable Arrived row,
        byte @org.jspecify.annotations.Nullable [] wanted) {
      String event = set + " row of event " + id;
      if (row == null) {
        return event + " is missing";
      }
      String got = text(row.json());
      if (wanted == null) {
        return event + " should not be there: " + got;
      }
      return event + " is " + got + " and not " + text(wanted);
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
