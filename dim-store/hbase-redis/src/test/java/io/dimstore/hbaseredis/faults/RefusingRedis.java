// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/** A Redis that can be put into each state in which it answers with errors. */
final class RefusingRedis implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String PROBE = "refusing-redis-probe";

  /** A state, named after the first word of its error replies. */
  enum State {
    /** A script runs for too long. */
    BUSY {
      @Override
      void begin(RefusingRedis redis) {
        redis.set("lua-time-limit", "20");
        redis.aside(jedis -> jedis.eval("while true do end"));
      }

      @Override
      void end(RefusingRedis redis) {
        try (Jedis jedis = redis.open()) {
          jedis.scriptKill();
        }
      }
    },
    /** The last snapshot could not be written. */
    MISCONF {
      @Override
      void begin(RefusingRedis redis) {
        Path gone = redis.group.folder().resolve("gone");
        try (Jedis jedis = redis.open()) {
          Files.createDirectory(gone);
          jedis.configSet("save", "3600 1000000");
          jedis.configSet("dir", gone.toString());
          Files.delete(gone);
          jedis.bgsave();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      void end(RefusingRedis redis) {
        redis.set("dir", redis.group.folder().toString());
        try (Jedis jedis = redis.open()) {
          jedis.bgsave();
        }
      }
    },
    /** There are fewer replicas than a write requires. */
    NOREPLICAS {
      @Override
      void begin(RefusingRedis redis) {
        redis.set("min-replicas-to-write", "1");
      }

      @Override
      void end(RefusingRedis redis) {
        redis.set("min-replicas-to-write", "0");
      }
    },
    /** The memory is full, and nothing is evicted. */
    OOM {
      @Override
      void begin(RefusingRedis redis) {
        redis.set("maxmemory", "1");
      }

      @Override
      void end(RefusingRedis redis) {
        redis.set("maxmemory", "0");
      }
    },
    /** The server is a replica of a server that does not exist. */
    READONLY {
      @Override
      void begin(RefusingRedis redis) {
        redis.follow(HOST, Integer.toString(redis.group.freePort()));
      }

      @Override
      void end(RefusingRedis redis) {
        redis.follow("NO", "ONE");
      }
    },
    /**
     * The server loads a large snapshot. It is unresponsive for about a second at a time, and
     * otherwise answers LOADING.
     */
    LOADING {
      @Override
      void begin(RefusingRedis redis) {
        try (Jedis jedis = redis.open()) {
          jedis.configSet("rdbcompression", "no");
          jedis.configSet("key-load-delay", "20000");
          // It serves clients only after each 2 MB of the snapshot.
          for (int i = 0; i < 250; i++) {
            jedis.set("ballast" + i, "x".repeat(40_000));
          }
        }
        redis.aside(jedis -> jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "RELOAD"));
      }

      @Override
      void end(RefusingRedis redis) {
        redis.awaitNone();
      }
    };

    /** Whether the state ends without {@link #end}. */
    boolean endsByItself() {
      return this == LOADING;
    }

    abstract void begin(RefusingRedis redis);

    abstract void end(RefusingRedis redis);
  }

  /** Work on a connection of its own. */
  private interface Aside {
    void run(Jedis jedis);
  }

  private final ServerGroup group = ServerGroup.create();
  private final int port = group.freePort();
  private final GroupProcess process;
  private CompletableFuture<Void> aside = CompletableFuture.completedFuture(null);

  RefusingRedis() {
    this.process =
        group.binary(
            "redis",
            "redis",
            List.of("--bind", HOST, "--port", Integer.toString(port), "--save", ""));
    awaitNone();
  }

  String host() {
    return HOST;
  }

  int port() {
    return port;
  }

  private Jedis open() {
    return new Jedis(HOST, port, 20_000);
  }

  private void set(String name, String value) {
    try (Jedis jedis = open()) {
      jedis.configSet(name, value);
    }
  }

  private void follow(String host, String portOrOne) {
    try (Jedis jedis = open()) {
      jedis.sendCommand(Protocol.Command.REPLICAOF, host, portOrOne);
    }
  }

  private void aside(Aside work) {
    aside =
        CompletableFuture.runAsync(
            () -> {
              try (Jedis jedis = open()) {
                work.run(jedis);
              } catch (JedisException e) {
                // The work was ended from outside.
              }
            });
  }

  /** Puts the server into a state, and waits until it refuses a write with the state's name. */
  void begin(State state) {
    state.begin(this);
    HBaseShell.await(state + " of Redis", () -> refusal().startsWith(state.name()));
  }

  /** Ends a state, and waits until the server accepts writes. */
  void end(State state) {
    state.end(this);
    awaitNone();
    HBaseShell.await("the end of " + state, aside::isDone);
  }

  private void awaitNone() {
    HBaseShell.await("Redis takes writes", () -> refusal().isEmpty());
  }

  /** Returns the error reply to a write; empty if the write succeeds. */
  private String refusal() {
    try (Jedis jedis = open()) {
      jedis.set(PROBE, "1");
      return "";
    } catch (JedisDataException e) {
      return e.getMessage();
    } catch (JedisException e) {
      return "no answer: " + e.getMessage();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    group.close();
  }
}
