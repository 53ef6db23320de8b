package io.dimstore.dynamodb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for the service of streams, which plays what DynamoDB Local does not: shards that end
 * and have children, records that are trimmed, iterators that expire. It speaks the service's HTTP
 * and knows one table, named {@code fake}, with a text key {@code k} and a number {@code n}.
 */
final class FakeStreams implements AutoCloseable {

  static final String STREAM =
      "arn:aws:dynamodb:us-east-1:000000000000:table/fake/stream/2026-01-01T00:00:00.000";

  /** A shard: its records are numbered, and those before {@code trimmed} are gone. */
  private static final class Shard {
    final String parent;
    final List<String> records = new ArrayList<>();
    int trimmed;
    boolean closed;

    Shard(String parent) {
      this.parent = parent;
    }
  }

  static {
    // The server's answers are in two writes: without this each waits for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Shard> shards = new LinkedHashMap<>();
  private final Queue<String> errors = new ArrayDeque<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private int age;
  private int number;
  private String status = "ENABLED";

  FakeStreams() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A shard that begins now, in place of a parent or of none. */
  synchronized void open(String shard, String parent) {
    shards.put(shard, new Shard(parent));
  }

  /** A shard ends; what follows is in its children. */
  synchronized void end(String shard) {
    shards.get(shard).closed = true;
  }

  /** A put of this version is recorded, a second after the one before. */
  synchronized void put(String shard, String key, int version) {
    shards
        .get(shard)
        .records
        .add(
            "{\"eventName\":\"MODIFY\",\"dynamodb\":{\"ApproximateCreationDateTime\":"
                + (System.currentTimeMillis() / 1000)
                + ",\"Keys\":{\"k\":{\"S\":\""
                + key
                + "\"}},\"NewImage\":{\"k\":{\"S\":\""
                + key
                + "\"},\"n\":{\"N\":\""
                + version
                + "\"},\"__dim_v\":{\"N\":\""
                + version
                + "\"}},\"SequenceNumber\":\""
                + (100_000_000_000_000_000L + number++)
                + "\"}}");
  }

  /** All records of a shard so far are dropped. */
  synchronized void trim(String shard) {
    shards.get(shard).trimmed = shards.get(shard).records.size();
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

  /** What was asked so far, for instance {@code GetShardIterator TRIM_HORIZON}. */
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String operation = target.substring(target.indexOf('.') + 1);
    int code = 200;
    String answer;
    try {
      answer = answer(operation, body);
    } catch (Refused e) {
      code = e.status;
      answer = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + e.code + "\"}";
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(code, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
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
              + STREAM
              + "\",\"StreamSpecification\":{\"StreamEnabled\":true,"
              + "\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}}";
      case "DescribeStream" -> describe(field(body, "ExclusiveStartShardId"));
      case "GetShardIterator" -> iterator(body, type);
      case "GetRecords" -> records(body);
      default -> throw new Refused(400, "UnknownOperationException");
    };
  }

  /** One shard in a page: there are always more pages to read. */
  private String describe(String after) {
    List<String> ids = new ArrayList<>(shards.keySet());
    int at = after == null ? 0 : ids.indexOf(after) + 1;
    StringBuilder page =
        new StringBuilder("{\"StreamDescription\":{\"StreamArn\":\"")
            .append(STREAM)
            .append("\",\"StreamStatus\":\"")
            .append(status)
            .append("\",\"Shards\":[");
    if (at < ids.size()) {
      Shard shard = shards.get(ids.get(at));
      page.append("{\"ShardId\":\"").append(ids.get(at)).append('"');
      if (shard.parent != null) {
        page.append(",\"ParentShardId\":\"").append(shard.parent).append('"');
      }
      page.append(",\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"1\"");
      page.append(shard.closed ? ",\"EndingSequenceNumber\":\"9\"}}" : "}}");
    }
    page.append(']');
    if (at < ids.size() - 1) {
      page.append(",\"LastEvaluatedShardId\":\"").append(ids.get(at)).append('"');
    }
    return page.append("}}").toString();
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
      if (shard.records.get(i).contains("\"" + sequenceNumber + "\"")) {
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
    return "{\"Records\":[" + String.join(",", shard.records.subList(from, to)) + "]" + next + "}";
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
