// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.StateJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code results.json} of {@code bin/dimstore compare}. It runs the feature job with each store
 * on the same events, compares every row with an oracle, and states the hash of all rows of an arm.
 */
public final class StoredComparison {

  /** The field with the SHA-256 of the canonical JSON of the other fields. */
  public static final String HASH = "sha256";

  private StoredComparison() {}

  /** Returns the results with their hash. */
  public static ObjectNode sealed(ObjectNode results) {
    ObjectNode sealed = results.deepCopy();
    sealed.remove(HASH);
    sealed.put(HASH, StateJson.sha256(StateJson.canonical(sealed)));
    return sealed;
  }

  /**
   * Checks the results.
   *
   * @param file the file
   * @param oldStore id of the old store
   * @param newStore id of the new store
   * @param layout hash of key and columns of the migration's table
   * @throws IOException if the file cannot be read
   * @throws MigrationException if it is not the result of a comparison
   */
  public static ReplayResult read(Path file, String oldStore, String newStore, String layout)
      throws IOException {
    JsonNode tree = StateJson.parseTree("--comparison " + file, Files.readString(file));
    Instant ended = time(tree.at("/run/endedAt").asText());
    if (!(tree instanceof ObjectNode results) || !tree.path("arms").isArray() || ended == null) {
      throw new MigrationException(
          "--comparison "
              + file
              + ": not a results.json of this version of 'bin/dimstore compare'");
    }
    List<String> problems = new ArrayList<>();
    String hash = tree.path(HASH).asText();
    if (!sealed(results).path(HASH).asText().equals(hash)) {
      problems.add("the file was changed after it was written: its SHA-256 does not fit");
    }
    List<String> layouts = new ArrayList<>();
    tree.path("dimensions").forEach(found -> layouts.add(found.asText()));
    if (!layouts.contains(layout)) {
      problems.add("the job looked up other tables: none has the key and the columns of this one");
    }
    JsonNode old = arm(tree, oldStore);
    JsonNode target = arm(tree, newStore);
    if (old == null || target == null) {
      problems.add("no arm ran on the store " + (old == null ? oldStore : newStore));
    }
    boolean comparable = problems.isEmpty();
    long rows = target == null ? 0 : rows(target);
    long differences = 0;
    if (old != null && target != null) {
      differences =
          old.path("oracleMismatches").asLong() + target.path("oracleMismatches").asLong();
      boolean sameRows =
          old.path("outputSha256").asText("").equals(target.path("outputSha256").asText("-"))
              && rows(old) == rows;
      if (!sameRows) {
        differences = Math.max(1, differences);
        problems.add("the rows of the arms " + name(old) + " and " + name(target) + " differ");
      }
    }
    if (!tree.path("identical").asBoolean() || !tree.path("finished").asBoolean()) {
      problems.add("the comparison did not end with identical results");
      tree.path("problems").forEach(problem -> problems.add(problem.asText()));
      differences = Math.max(1, differences);
    }
    Map<String, String> context = new TreeMap<>();
    context.put("source", "bin/dimstore compare");
    context.put("resultsSha256", hash);
    context.put("profile", tree.path("profile").asText());
    context.put("events", tree.at("/input/events").asText());
    context.put("inputSha256", tree.at("/input/sha256").asText());
    context.put("version", tree.at("/run/version").asText());
    context.put("commit", tree.at("/run/commit").asText());
    context.put("servers", tree.at("/run/servers").toString());
    if (old != null && target != null) {
      context.put("arms", name(old) + ", " + name(target));
      context.put("outputSha256", target.path("outputSha256").asText());
    }
    return new ReplayResult(
        ReplayResult.FORMAT, ended, rows, differences, context, problems, comparable);
  }

  private static @Nullable JsonNode arm(JsonNode results, String store) {
    for (JsonNode arm : results.path("arms")) {
      if (arm.path("store").asText().equals(store)) {
        return arm;
      }
    }
    return null;
  }

  private static String name(JsonNode arm) {
    return arm.path("name").asText();
  }

  private static long rows(JsonNode arm) {
    return arm.at("/features/risk").asLong() + arm.at("/features/marketing").asLong();
  }

  private static @Nullable Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
