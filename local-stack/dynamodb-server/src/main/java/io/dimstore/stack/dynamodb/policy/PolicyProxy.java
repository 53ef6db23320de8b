// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before DynamoDB that does for one role what IAM does: it finds out which permissions a
 * request needs, and refuses it if the role's policy does not have them. It remembers the
 * permissions that were used. Thread-safe.
 */
public final class PolicyProxy implements AutoCloseable {

  private static final Pattern STATEMENT =
      Pattern.compile("^(INSERT INTO|UPDATE|DELETE FROM|SELECT .* FROM) \"([^\"]+)\".*");

  private final ServiceModel model;
  private final Policy policy;
  private final boolean allowsAll;
  private final Set<Permission> used = new ConcurrentSkipListSet<>();
  private final Set<Permission> refused = new ConcurrentSkipListSet<>();
  private volatile @Nullable Hook hook;
  private volatile Predicate<Permission> outage = permission -> false;

  /** What is done once before requests that contain a text are answered. */
  private static final class Hook {

    private final String text;
    private final Callable<?> action;
    private boolean isDone;

    Hook(String text, Callable<?> action) {
      this.text = text;
      this.action = action;
    }

    /** The repetition of a request that is held here waits too. */
    synchronized void run() throws IOException {
      if (!isDone) {
        isDone = true;
        try {
          action.call();
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }

    synchronized boolean isDone() {
      return isDone;
    }
  }

  /**
   * Starts a proxy on a free port of loopback.
   *
   * @param server address of the server
   * @param policy what is allowed
   * @param allowsAll whether nothing is refused, to find out what a policy has to allow
   */
  public PolicyProxy(String server, Policy policy, boolean allowsAll) throws IOException {
    this.policy = policy;
    this.allowsAll = allowsAll;
    model = ServiceModel.before(server);
    model.otherwise(operation -> this::answer);
  }

  /** Returns the address of this proxy. */
  public String address() {
    return model.address();
  }

  /** Fails requests that need such a permission, as if the service were away. */
  public void failing(Predicate<Permission> such) {
    outage = such;
  }

  /** Does something once, before UpdateItem requests that contain a text are answered. */
  public void before(String text, Callable<?> action) {
    hook = new Hook(text, action);
  }

  /** Returns whether the action of {@link #before} was done. */
  public boolean wasReached() {
    Hook last = hook;
    return last != null && last.isDone();
  }

  /** Returns the permissions that were used, granted or not. */
  public Set<Permission> used() {
    return new TreeSet<>(used);
  }

  /** Returns the permissions that were refused. */
  public Set<Permission> refused() {
    return new TreeSet<>(refused);
  }

  private void answer(Exchange exchange) throws IOException {
    Hook next = hook;
    if (next != null
        && exchange.operation().equals("UpdateItem")
        && exchange.text().contains(next.text)) {
      next.run();
    }
    Set<Permission> needed = needed(exchange.operation(), exchange.text());
    if (needed.stream().anyMatch(outage)) {
      Fault.error(500, "InternalServerError", "away").play(exchange);
      return;
    }
    used.addAll(needed);
    for (Permission each : needed) {
      if (!allowsAll && !policy.allows(each)) {
        refused.add(each);
        Fault.error(400, "AccessDeniedException", policy.name() + " may not " + each)
            .play(exchange);
        return;
      }
    }
    exchange.answer(exchange.ask());
  }

  /** Returns the permissions by the service authorization reference of DynamoDB. */
  static Set<Permission> needed(String operation, String body) throws IOException {
    JsonNode request = new ObjectMapper().readTree(body);
    Set<Permission> needed = new TreeSet<>();
    switch (operation) {
      case "ListTables" -> needed.add(new Permission("dynamodb:ListTables", "*"));
      case "BatchGetItem", "BatchWriteItem" ->
          request
              .path("RequestItems")
              .fieldNames()
              .forEachRemaining(table -> needed.add(Permission.of(operation, table)));
      case "BatchExecuteStatement" ->
          request
              .path("Statements")
              .forEach(one -> needed.add(ofStatement(one.path("Statement").asText())));
      default -> {
        needed.add(Permission.of(operation, request.path("TableName").asText()));
        if (request.has("Tags")) {
          needed.add(Permission.of("TagResource", request.path("TableName").asText()));
        }
      }
    }
    return needed;
  }

  private static Permission ofStatement(String statement) {
    Matcher parts = STATEMENT.matcher(statement);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not understood: " + statement);
    }
    String verb = statement.substring(0, 6);
    return Permission.of(
        "PartiQL" + verb.charAt(0) + verb.substring(1).toLowerCase(java.util.Locale.ROOT),
        parts.group(2));
  }

  @Override
  public void close() throws IOException {
    model.close();
  }
}
