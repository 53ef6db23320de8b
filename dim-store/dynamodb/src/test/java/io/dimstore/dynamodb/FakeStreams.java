package io.dimstore.dynamodb;

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
 * A stand-in for the service of streams, which plays what DynamoDB Local does not: shards that end
 * and have children, records that are trimmed after a day, iterators that expire, and lists of
 * shards that are behind. It has a clock of its own, which its answers tell, speaks the service's
 * HTTP and knows one table, named {@code fake}, with a text key {@code k} and a number {@code n}.
 */
final class FakeStreams implements AutoCloseable {

  private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

  /** A record and when it was made. */
  private record Recorded(String json, long madeMillis) {}

  /** A shard: its records are numbered, and those before {@code trimmed} are gone. */
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

  private final FaultProxy server;
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

  /** A stream that was switched on then, in UTC. */
  FakeStreams(LocalDateTime since) throws IOException {
    stream =
        "arn:aws:dynamodb:us-east-1:000000000000:table/fake/stream/"
            + since.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS"));
    // No request goes on to anything.
    server = new FaultProxy("http://127.0.0.1:1");
    server.otherwise(target -> this::serve);
  }

  String address() {
    return server.address();
  }

  /** The service's time in epoch milliseconds. */
  synchronized long now() {
    return System.currentTimeMillis() + aheadMillis;
  }

  /**
   * Time goes by for the service: records of more than a day are trimmed, and empty shards go.
   * After an hour whatever is there is listed.
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
   * From now on each page of a list of shards is behind by up to this many events, and each shard
   * by as many of its own.
   */
  synchronized void lag(Random random, int most) {
    lags = random;
    mostLag = most;
  }

  /** A shard is not listed, though it is there. */
  synchronized void hide(String shard) {
    shards.get(shard).hidden = true;
  }

  /** A shard is listed again. */
  synchronized void show(String shard) {
    shards.get(shard).hidden = false;
  }

  /** A shard that begins now, in place of a parent or of none. */
  synchronized void open(String shard, String parent) {
    Shard opened = new Shard(parent);
    opened.listedFrom = tick++ + ownLag();
    shards.put(shard, opened);
  }

  /** A shard ends; what follows is in its children. */
  synchronized void end(String shard) {
    Shard ended = shards.get(shard);
    ended.closed = true;
    ended.closedMillis = now();
    ended.closedFrom = tick++ + ownLag();
  }

  private int ownLag() {
    return mostLag == 0 ? 0 : lags.nextInt(mostLag + 1);
  }

  /** A put of this version is recorded, a second after the one before. */
  synchronized void put(String shard, String key, int version) {
    put(shard, key, version, "{\"k\":{\"S\":\"" + key + "\"}}");
  }

  /** An item of another tool whose key is of another type than the table's. */
  synchronized void putForeignKey(String shard) {
    put(shard, "foreign", 1, "{\"k\":{\"N\":\"1\"}}");
  }

  private void put(String shard, String key, int version, String keys) {
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

  /** More than a day goes by, and all records of the shard so far are dropped. */
  synchronized void trim(String shard) {
    pass(Duration.ofHours(25));
  }

  /** A shard is dropped as a whole. */
  synchronized void drop(String shard) {
    shards.remove(shard);
  }

  /** Every iterator that was given out has expired. */
  synchronized void expireIterators() {
    age++;
  }

  /** The table's stream is switched off; its shards end. */
  synchronized void switchOff() {
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

  /** The shards with their parents. */
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

  /** What was asked so far, for instance {@code GetShardIterator TRIM_HORIZON}. */
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

  private void serve(Wire wire) throws IOException {
    int code = 200;
    String answer;
    try {
      answer = answer(wire.target(), wire.text());
    } catch (Refused e) {
      code = e.status;
      answer = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + e.code + "\"}";
    }
    wire.answer(
        Wire.Answer.of(code, answer)
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

  /** One shard in a page: there are always more pages to read, and each is as old as it likes. */
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

  /** A text or number in a flat JSON object, or null. */
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
