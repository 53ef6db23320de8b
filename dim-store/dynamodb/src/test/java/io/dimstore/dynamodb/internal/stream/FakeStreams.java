// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fake of DynamoDB Streams that simulates what local servers do not: shards that end and have
 * children, records that are trimmed after a day, iterators that expire, and outdated lists of
 * shards. It speaks the service's HTTP, and has a clock of its own, whose time is in its responses.
 * It has one table, named {@code fake}, with a text key {@code k} and a number {@code n}.
 */
final class FakeStreams implements AutoCloseable {

  private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

  /** A record and its creation time. */
  private record Recorded(String json, long madeMillis) {}

  /** A shard. Its records are numbered, and those before {@code trimmed} are trimmed. */
  private static final class Shard {
    final String parent;
    final List<Recorded> records = new ArrayList<>();
    int trimmed;
    boolean closed;
    long closedMillis;
    boolean hidden;
    long listedFrom;
    long closedFrom;

    Shard(String parent) {
      this.parent = parent;
    }
  }

  private final ServiceModel server;
  private final Map<String, Shard> shards = new LinkedHashMap<>();
  private final Queue<String> errors = new ArrayDeque<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final String stream;
  private int age;
  private int number;
  private String status = "ENABLED";
  private long aheadMillis;
  private Random lags;
  private int mostLag;
  private long tick;

  /** A stream that is older than any of its records. */
  FakeStreams() throws IOException {
    this(LocalDateTime.now(ZoneOffset.UTC).minusDays(40));
  }

  /** Creates a stream that was enabled at this time, in UTC. */
  FakeStreams(LocalDateTime since) throws IOException {
    stream =
        "arn:aws:dynamodb:us-east-1:000000000000:table/fake/stream/"
            + since.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS"));
    // No request is forwarded.
    server = ServiceModel.before("http://127.0.0.1:1");
    server.otherwise(target -> this::serve);
  }

  String address() {
    return server.address();
  }

  /** Returns the service's time in epoch milliseconds. */
  synchronized long now() {
    return System.currentTimeMillis() + aheadMillis;
  }

  /**
   * Advances the service's time. Records older than a day are trimmed, and empty shards are
   * removed. After an hour, all shards are listed.
   */
  synchronized void pass(Duration time) {
    aheadMillis += time.toMillis();
    if (time.toHours() >= 1) {
      for (Shard shard : shards.values()) {
        shard.listedFrom = Long.MIN_VALUE;
        shard.closedFrom = Long.MIN_VALUE;
      }
    }
    long oldest = now() - KEPT_MILLIS;
    shards
        .values()
        .forEach(
            shard -> {
              while (shard.trimmed < shard.records.size()
                  && shard.records.get(shard.trimmed).madeMillis < oldest) {
                shard.trimmed++;
              }
            });
    shards
        .values()
        .removeIf(
            shard ->
                shard.closed
                    && shard.closedMillis < oldest
                    && shard.trimmed == shard.records.size());
  }

  /**
   * Lets lists of shards lag from now on: a page does not show up to this many of the latest
   * events, and each shard is listed up to this many events after its creation.
   */
  synchronized void lag(Random random, int most) {
    lags = random;
    mostLag = most;
  }

  /** Hides an existing shard from the lists. */
  synchronized void hide(String shard) {
    shards.get(shard).hidden = true;
  }

  /** Lists a hidden shard again. */
  synchronized void show(String shard) {
    shards.get(shard).hidden = false;
  }

  /** Adds a shard, as the child of a parent or of none. */
  synchronized void open(String shard, String parent) {
    Shard opened = new Shard(parent);
    opened.listedFrom = tick++ + ownLag();
    shards.put(shard, opened);
  }

  /** Ends a shard. Later records are in its children. */
  synchronized void end(String shard) {
    Shard ended = shards.get(shard);
    ended.closed = true;
    ended.closedMillis = now();
    ended.closedFrom = tick++ + ownLag();
  }

  private int ownLag() {
    return mostLag == 0 ? 0 : lags.nextInt(mostLag + 1);
  }

  /** Records a put of this version, a second after the previous record. */
  synchronized void put(String shard, String key, int version) {
    put(shard, version, "{\"k\":{\"S\":\"" + key + "\"}}");
  }

  /** Records an item of another tool whose key does not have the table's type. */
  synchronized void putForeignKey(String shard) {
    put(shard, 1, "{\"k\":{\"N\":\"1\"}}");
  }

  private void put(String shard, int version, String keys) {
    tick++;
    String image = keys.substring(0, keys.length() - 1);
    String json =
        "{\"eventName\":\"MODIFY\",\"dynamodb\":{\"ApproximateCreationDateTime\":"
            + (now() / 1000)
            + ",\"Keys\":"
            + keys
            + ",\"NewImage\":"
            + image
            + ",\"n\":{\"N\":\""
            + version
            + "\"},\"__dim_v\":{\"N\":\""
            + version
            + "\"}},\"SequenceNumber\":\""
            + (100_000_000_000_000_000L + number++)
            + "\"}}";
    shards.get(shard).records.add(new Recorded(json, now()));
  }

  /** Advances the time by more than a day, and trims all records of the shard. */
  synchronized void trim(String shard) {
    pass(Duration.ofHours(25));
  }

  /** Removes a shard. */
  synchronized void drop(String shard) {
    shards.remove(shard);
  }

  /** Expires all iterators that were returned. */
  synchronized void expireIterators() {
    age++;
  }

  /** Disables the table's stream; its shards end. */
  synchronized void disable() {
    status = "DISABLED";
    shards.values().forEach(shard -> shard.closed = true);
  }

  /**
   * Unless failures are waiting, the next requests fail, one each, with the status and code of
   * {@code 400 SomeException}.
   */
  synchronized void fail(String... statusesAndCodes) {
    if (errors.isEmpty()) {
      errors.addAll(List.of(statusesAndCodes));
    }
  }

  /** Returns the shards with their parents. */
  @Override
  public synchronized String toString() {
    return shards.entrySet().stream()
        .map(
            shard ->
                shard.getKey()
                    + " of "
                    + shard.getValue().parent
                    + (shard.getValue().closed ? ", closed" : ""))
        .toList()
        .toString();
  }

  /** Returns the requests so far, for instance {@code GetShardIterator TRIM_HORIZON}. */
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Exchange exchange) throws IOException {
    int code = 200;
    String answer;
    try {
      answer = answer(exchange.operation(), exchange.text());
    } catch (Refused e) {
      code = e.status;
      answer = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + e.code + "\"}";
    }
    exchange.answer(
        Answer.of(code, answer)
            .with("content-type", "application/x-amz-json-1.0")
            .with("date", date()));
  }

  private String date() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        Instant.ofEpochMilli(now()).atOffset(ZoneOffset.UTC));
  }

  private synchronized String answer(String operation, String body) throws Refused {
    String type = field(body, "ShardIteratorType");
    asked.add(type == null ? operation : operation + " " + type);
    String error = errors.poll();
    if (error != null) {
      throw new Refused(Integer.parseInt(error.substring(0, 3)), error.substring(4));
    }
    return switch (operation) {
      case "DescribeTable" ->
          "{\"Table\":{\"TableName\":\"fake\",\"TableStatus\":\"ACTIVE\",\"LatestStreamArn\":\""
              + stream
              + "\",\"StreamSpecification\":{\"StreamEnabled\":true,"
              + "\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}}";
      case "DescribeStream" -> describe(field(body, "ExclusiveStartShardId"));
      case "GetShardIterator" -> iterator(body, type);
      case "GetRecords" -> records(body);
      default -> throw new Refused(400, "UnknownOperationException");
    };
  }

  /**
   * Returns one shard per page, so that a list has several pages. Each page may be outdated by its
   * own lag.
   */
  private String describe(String after) {
    long seen = tick++ - (mostLag == 0 ? 0 : lags.nextInt(mostLag + 1));
    List<String> ids = new ArrayList<>(shards.keySet());
    int at = after == null ? 0 : ids.indexOf(after) + 1;
    while (at < ids.size() && !isListed(ids.get(at), seen)) {
      at++;
    }
    StringBuilder page =
        new StringBuilder("{\"StreamDescription\":{\"StreamArn\":\"")
            .append(stream)
            .append("\",\"StreamStatus\":\"")
            .append(status)
            .append("\",\"Shards\":[");
    if (at < ids.size()) {
      Shard shard = shards.get(ids.get(at));
      page.append("{\"ShardId\":\"").append(ids.get(at)).append('"');
      if (shard.parent != null) {
        page.append(",\"ParentShardId\":\"").append(shard.parent).append('"');
      }
      boolean closed = shard.closed && (mostLag == 0 || shard.closedFrom <= seen);
      page.append(",\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"1\"");
      page.append(closed ? ",\"EndingSequenceNumber\":\"9\"}}" : "}}");
    }
    page.append(']');
    if (at < ids.size() - 1) {
      page.append(",\"LastEvaluatedShardId\":\"").append(ids.get(at)).append('"');
    }
    return page.append("}}").toString();
  }

  private boolean isListed(String id, long seen) {
    Shard shard = shards.get(id);
    return !shard.hidden && (mostLag == 0 || shard.listedFrom <= seen);
  }

  private String iterator(String body, String type) throws Refused {
    String id = field(body, "ShardId");
    Shard shard = shards.get(id);
    if (shard == null) {
      throw new Refused(400, "ResourceNotFoundException");
    }
    int at;
    if (type.equals("LATEST")) {
      at = shard.records.size();
    } else if (type.equals("TRIM_HORIZON")) {
      at = shard.trimmed;
    } else {
      at = indexAfter(shard, field(body, "SequenceNumber"));
      if (at - 1 < shard.trimmed) {
        throw new Refused(400, "TrimmedDataAccessException");
      }
    }
    return "{\"ShardIterator\":\"" + id + "|" + at + "|" + age + "\"}";
  }

  private static int indexAfter(Shard shard, String sequenceNumber) {
    for (int i = 0; i < shard.records.size(); i++) {
      if (shard.records.get(i).json.contains("\"" + sequenceNumber + "\"")) {
        return i + 1;
      }
    }
    throw new AssertionError("No record " + sequenceNumber);
  }

  private String records(String body) throws Refused {
    String[] parts = field(body, "ShardIterator").split("\\|", -1);
    Shard shard = shards.get(parts[0]);
    if (shard == null) {
      throw new Refused(400, "ResourceNotFoundException");
    }
    if (Integer.parseInt(parts[2]) != age) {
      throw new Refused(400, "ExpiredIteratorException");
    }
    int from = Integer.parseInt(parts[1]);
    if (from < shard.trimmed) {
      throw new Refused(400, "TrimmedDataAccessException");
    }
    int to = Math.min(shard.records.size(), from + Integer.parseInt(field(body, "Limit")));
    String next =
        shard.closed && to == shard.records.size()
            ? ""
            : ",\"NextShardIterator\":\"" + parts[0] + "|" + to + "|" + age + "\"";
    return "{\"Records\":["
        + shard.records.subList(from, to).stream()
            .map(Recorded::json)
            .collect(Collectors.joining(","))
        + "]"
        + next
        + "}";
  }

  /** Returns a text or number of a flat JSON object, or null. */
  private static String field(String body, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(body);
    return found.find() ? found.group(1) : null;
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;
    final String code;

    Refused(int status, String code) {
      super(code);
      this.status = status;
      this.code = code;
    }
  }
}
