// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.ImpactGuard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The result of a verification. It says what was compared, when and how, so that it can be evidence
 * on its own.
 *
 * @param format {@link #FORMAT}
 * @param rowHash the format of the rows' hashes
 * @param layout a hash of the key and the columns
 * @param verdict what the numbers mean
 * @param fromTable the source
 * @param toTable the target
 * @param startedAt when the first row was read, in ISO-8601
 * @param millis how long the verification took
 * @param from the rows of the source
 * @param to the rows of the target
 * @param differences keys that differ, by kind
 * @param differentKeys all keys that differ
 * @param movingKeys keys whose versions moved each time they were read
 * @param tombstonesOnlyInTarget keys that the target remembers as deleted and the source does not
 *     have; they count as equal
 * @param examples some of the differences
 * @param movingExamples some of the moving keys
 * @param buckets the number of buckets
 * @param bucketsDiffering buckets that differed while both sides were read
 * @param comparePasses how often both sides were read to compare these buckets row by row
 * @param fromDigest the sum of all hashes of the source's rows as they were read
 * @param toDigest the same of the target
 * @param settleMillis the time that a change has to reach the other store
 * @param copies the comparison of the source's own copies, such as its cache; null if it has none
 * @param impact the latency of lookups of the source meanwhile
 * @param evidence the SHA-256 of this result as compact JSON with sorted names, without this field
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerifyResult(
    String format,
    String rowHash,
    String layout,
    Verdict verdict,
    String fromTable,
    String toTable,
    String startedAt,
    long millis,
    SideCounts from,
    SideCounts to,
    Map<Difference.Kind, Long> differences,
    long differentKeys,
    long movingKeys,
    long tombstonesOnlyInTarget,
    List<Difference> examples,
    List<Difference> movingExamples,
    int buckets,
    int bucketsDiffering,
    int comparePasses,
    String fromDigest,
    String toDigest,
    long settleMillis,
    @Nullable CopyCheck copies,
    ImpactGuard.Impact impact,
    @Nullable String evidence) {

  /** Names the format of the result. */
  public static final String FORMAT = "dimstore-verify/1";

  private static final ObjectMapper COMPACT =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /** What a verification has found. */
  public enum Verdict {
    /** Every row was compared, and none differs. */
    EQUAL,
    /** No difference was found, but some keys were written each time they were read. */
    UNSETTLED,
    /** Differences were found. */
    DIFFERENT
  }

  /** Copies the collections. */
  public VerifyResult {
    differences = new TreeMap<>(differences);
    examples = List.copyOf(examples);
    movingExamples = List.copyOf(movingExamples);
  }

  /** Returns whether every row of both sides was compared with its partner. */
  @JsonIgnore
  public boolean isWhole() {
    return from.unexamined() + to.unexamined() == 0;
  }

  /** Returns the result with its evidence hash. */
  VerifyResult sealed() {
    return with(hash());
  }

  /** Returns whether the evidence hash belongs to the other fields. */
  @JsonIgnore
  public boolean isGenuine() {
    return evidence != null && evidence.equals(hash());
  }

  private String hash() {
    try {
      return RowHash.ofText(COMPACT.writeValueAsString(with(null)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private VerifyResult with(@Nullable String hash) {
    return new VerifyResult(
        format,
        rowHash,
        layout,
        verdict,
        fromTable,
        toTable,
        startedAt,
        millis,
        from,
        to,
        differences,
        differentKeys,
        movingKeys,
        tombstonesOnlyInTarget,
        examples,
        movingExamples,
        buckets,
        bucketsDiffering,
        comparePasses,
        fromDigest,
        toDigest,
        settleMillis,
        copies,
        impact,
        hash);
  }

  static String at(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }
}
