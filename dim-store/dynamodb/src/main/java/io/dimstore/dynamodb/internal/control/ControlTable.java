// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.control;

import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.Requests.UpdateOutcome;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.dynamodb.internal.table.TableAdmin;
import io.dimstore.dynamodb.internal.table.TableRules;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RecordChecks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Keeps shared records as the items of one table. All have the same partition key, so that they can
 * be listed in the order of their names with strong reads. Thread-safe.
 *
 * <p>A replacement leaves a nonce of its call in the item, under an attribute that the next {@value
 * #NONCES} replacements do not overwrite. If the answer to an attempt is lost and the next attempt
 * finds the condition unmet, the nonce tells whether the record was replaced by this call.
 */
public final class ControlTable implements SharedRecords {

  private static final int NONCES = 16;
  private static final String SCOPE = "scope";
  private static final String NAME = "name";
  private static final String REVISION = "revision";
  private static final String CONTENT = "content";
  private static final String NONCE = "nonce";
  private static final AttributeValue ALL = AttributeValue.fromS("dimstore");

  private final String table;
  private final TableSpec spec;
  private final Requests requests;
  private final TableAdmin admin;
  private final Admission admission;
  private final Admission creation;

  /**
   * @param table the table's name in DynamoDB, prefix included
   * @param admission admits reads and replacements
   * @param creation admits the creation of the table
   */
  public ControlTable(
      String table, Requests requests, TableAdmin admin, Admission admission, Admission creation) {
    this.table = table;
    this.spec =
        new TableSpec(
            table,
            List.of(new Column(SCOPE, DataType.STRING), new Column(NAME, DataType.STRING)),
            List.of(SCOPE, NAME));
    this.requests = requests;
    this.admin = admin;
    this.admission = admission;
    this.creation = creation;
  }

  @Override
  public CompletionStage<Optional<SharedRecord>> read(String name) {
    return admission.admit(
        1,
        deadline -> {
          RecordChecks.requireName(name);
          return get(name, deadline)
              .thenApply(item -> Optional.ofNullable(item == null ? null : recordOf(item)))
              .exceptionallyCompose(failure -> unlessMissing(failure, Optional.empty()));
        });
  }

  private CompletableFuture<@Nullable Map<String, AttributeValue>> get(
      String name, Deadline deadline) {
    return requests
        .getItem(table, keyOf(name), deadline)
        .thenApply(
            answer -> {
              Map<String, AttributeValue> item = answer.hasItem() ? answer.item() : null;
              if (item != null && !AttributeValue.fromS(name).equals(item.get(NAME))) {
                throw new StoreException(
                    Kind.UNAVAILABLE,
                    "DynamoDB table " + table + " returned another record than '" + name + "'");
              }
              return item;
            });
  }

  @Override
  public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
    Replacement replacement =
        new Replacement(name, expectedRevision, content, UUID.randomUUID().toString());
    return admission
        .<Boolean>admit(
            1,
            deadline -> {
              RecordChecks.requireReplace(name, expectedRevision, content);
              return replace(replacement, deadline);
            })
        .exceptionallyCompose(
            failure ->
                isMissing(failure)
                    ? createAndReplace(replacement)
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<Boolean> createAndReplace(Replacement replacement) {
    if (replacement.expected() > 0) {
      return CompletableFuture.completedFuture(false);
    }
    return creation
        .<@Nullable Void>admit(
            1,
            deadline -> {
              TableRules.check(spec, table);
              return admin.createIfAbsent(table, KeyLayout.of(spec), false, deadline);
            })
        .thenCompose(done -> admission.admit(1, deadline -> replace(replacement, deadline)));
  }

  private CompletableFuture<Boolean> replace(Replacement replacement, Deadline deadline) {
    return requests
        .update(table, replacement.request(table), deadline)
        .thenCompose(
            outcome -> {
              if (outcome.applied()) {
                return CompletableFuture.completedFuture(true);
              }
              return outcome.stored() == null && outcome.mayBeApplied()
                  ? get(replacement.name(), deadline)
                      .thenApply(item -> replacement.isBehind(outcome, item))
                  : CompletableFuture.completedFuture(
                      replacement.isBehind(outcome, outcome.stored()));
            });
  }

  @Override
  public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
    return admission.admit(
        1,
        deadline -> {
          RecordChecks.requireList(prefix, after, maxRecords);
          return requests
              .query(table, listing(prefix, after, maxRecords), deadline)
              .thenApply(ControlTable::page)
              .exceptionallyCompose(
                  failure -> unlessMissing(failure, new SharedRecordPage(List.of(), null)));
        });
  }

  private QueryRequest.Builder listing(String prefix, String after, int maxRecords) {
    QueryRequest.Builder query = QueryRequest.builder().tableName(table).limit(maxRecords);
    if (prefix.isEmpty()) {
      query
          .keyConditionExpression("#scope = :scope")
          .expressionAttributeNames(Map.of("#scope", SCOPE))
          .expressionAttributeValues(Map.of(":scope", ALL));
    } else {
      query
          .keyConditionExpression("#scope = :scope AND begins_with(#name, :prefix)")
          .expressionAttributeNames(Map.of("#scope", SCOPE, "#name", NAME))
          .expressionAttributeValues(
              Map.of(":scope", ALL, ":prefix", AttributeValue.fromS(prefix)));
    }
    return after.isEmpty() ? query : query.exclusiveStartKey(keyOf(after));
  }

  private static SharedRecordPage page(QueryResponse answer) {
    AttributeValue last = answer.hasLastEvaluatedKey() ? answer.lastEvaluatedKey().get(NAME) : null;
    return new SharedRecordPage(
        answer.items().stream().map(ControlTable::recordOf).toList(),
        last == null ? null : last.s());
  }

  private static Map<String, AttributeValue> keyOf(String name) {
    return Map.of(SCOPE, ALL, NAME, AttributeValue.fromS(name));
  }

  private static SharedRecord recordOf(Map<String, AttributeValue> item) {
    AttributeValue name = item.get(NAME);
    AttributeValue revision = item.get(REVISION);
    AttributeValue content = item.get(CONTENT);
    if (name == null
        || revision == null
        || revision.n() == null
        || content == null
        || content.s() == null) {
      throw new StoreException(
          Kind.CORRUPT, "An item of the control table is no shared record: " + keyText(name));
    }
    return new SharedRecord(name.s(), Long.parseLong(revision.n()), content.s());
  }

  private static String keyText(@Nullable AttributeValue name) {
    return name == null ? "it has no name" : name.s();
  }

  private static boolean isMissing(Throwable failure) {
    StoreException known = StoreException.find(failure);
    return known != null && known.kind() == Kind.NO_TABLE;
  }

  private static <T> CompletableFuture<T> unlessMissing(Throwable failure, T instead) {
    return isMissing(failure)
        ? CompletableFuture.completedFuture(instead)
        : CompletableFuture.failedFuture(failure);
  }

  /** One call of {@code replace}, with the nonce of all its attempts. */
  private record Replacement(String name, long expected, String content, String nonce) {

    private String slot() {
      return NONCE + (expected + 1) % NONCES;
    }

    private AttributeValue mark() {
      return AttributeValue.fromS(expected + 1 + ":" + nonce);
    }

    UpdateItemRequest.Builder request(String table) {
      AttributeValue next = AttributeValue.fromN(Long.toString(expected + 1));
      Function<String, AttributeValue> text = AttributeValue::fromS;
      UpdateItemRequest.Builder update =
          UpdateItemRequest.builder()
              .tableName(table)
              .key(keyOf(name))
              .updateExpression("SET #content = :content, #revision = :next, #nonce = :nonce")
              .expressionAttributeNames(
                  Map.of("#content", CONTENT, "#revision", REVISION, "#nonce", slot()));
      return expected == 0
          ? update
              .conditionExpression("attribute_not_exists(#revision)")
              .expressionAttributeValues(
                  Map.of(":content", text.apply(content), ":next", next, ":nonce", mark()))
          : update
              .conditionExpression("#revision = :expected")
              .expressionAttributeValues(
                  Map.of(
                      ":content",
                      text.apply(content),
                      ":next",
                      next,
                      ":nonce",
                      mark(),
                      ":expected",
                      AttributeValue.fromN(Long.toString(expected))));
    }

    /**
     * Returns whether an earlier attempt of this call has replaced the record.
     *
     * @param stored the item for which the condition did not hold, or null if there is none
     */
    boolean isBehind(UpdateOutcome outcome, @Nullable Map<String, AttributeValue> stored) {
      if (stored == null) {
        return false;
      }
      if (mark().equals(stored.get(slot()))) {
        return true;
      }
      if (outcome.mayBeApplied() && recordOf(stored).revision() > expected + NONCES) {
        throw new StoreException(
            Kind.UNAVAILABLE,
            "Shared record '"
                + name
                + "' was replaced so often since an attempt without an answer that its outcome is"
                + " unknown");
      }
      return false;
    }
  }
}
