package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a writer that stood still for long may do with a mark that others settled meanwhile. */
class LateWriterIT {

  private static final byte[] START = {};

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.HBASE, Server.REDIS);

  private final Meter meter = new Meter(StoreMetrics.NONE);
  private HBaseRedisHarness servers;
  private Users users;
  private HBaseClient client;
  private RedisServers redis;
  private Marks marks;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of()).created();
    client = new HBaseClient(config());
    redis = RedisServers.open(config(), meter);
    marks = marks(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    client.close();
    redis.close();
    users.close();
  }

  private StoreConfig config() {
    return StoreConfig.parse(
        "store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, servers.options());
  }

  private Marks marks(Duration grace) {
    return new Marks(client, meter, TableName.valueOf("dimstore_marks"), grace);
  }

  private List<Mark> found(Marks reader) {
    return Users.await(reader.after(users.spec().name(), START, 10));
  }

  @Test
  void aMarkThatIsNotedAsEndedAfterItWasRemovedStillSaysWhatIsOwed() {
    byte[] row = Utf8.encode("a");
    Mark mark = Users.await(marks.set(users.spec().name(), List.of(row)));
    Users.await(marks.remove(mark));
    assertThat(found(marks)).isEmpty();
    Users.await(marks.ended(mark));
    assertThat(found(marks)).hasSize(1);
    assertThat(found(marks).get(0).ended()).isTrue();
    assertThat(found(marks).get(0).rowKeys()).hasSize(1).first().isEqualTo(row);
  }

  /** A repairer with a short deadline does not take the mark of a writer with a long one away. */
  @Test
  void aMarkStandsForAsLongAsItsWriterMayTake() {
    Users.await(marks.set(users.spec().name(), List.of(Utf8.encode("a"))));
    Marks hasty = marks(Duration.ofMillis(-1));
    assertThat(found(hasty)).extracting(Mark::isOver).containsExactly(false);
    Users.await(hasty.set(users.spec().name(), List.of(Utf8.encode("b"))));
    assertThat(found(marks)).extracting(Mark::isOver).containsExactly(false, true);
  }

  @Test
  void whatHasNotBeenSentWhenTheDeadlineIsOverIsNotSent() {
    Layout layout = new Layout(users.spec());
    EntryCodec entries = new EntryCodec(layout);
    Breaker breaker = new Breaker(meter);
    DualWrite writes =
        new DualWrite(
            layout,
            new ChangeEncoder(users.spec(), layout, entries),
            new Truth(client, meter, layout),
            new RedisCopy(redis, breaker, meter, config(), layout, entries),
            marks,
            breaker,
            new Background(),
            meter,
            InstantSource.system());
    var late =
        writes
            .write(List.of(Users.user("a", "NL", 1, 1)), Deadline.after(Duration.ZERO))
            .toCompletableFuture();
    assertThatThrownBy(late::join)
        .satisfies(
            failure ->
                assertThat(StoreException.find(failure))
                    .extracting(StoreException::kind)
                    .isEqualTo(Kind.TIMEOUT));
    assertThat(found(marks)).extracting(Mark::ended).containsExactly(false);
    assertThat(users.get("a")).isNull();
  }
}
